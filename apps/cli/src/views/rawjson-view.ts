import type { SolveEvent } from '@hlb/runtime';
import type { TerminalStream } from '../io.js';
import type { BuildState } from './build-state.js';
import type { View } from './view.js';

/**
 * BuildKit's own form of a solve's status (`SolveStatus` as Go writes it, a document a line), as `--progress=rawjson` of
 * other tools gives it. Events that BuildKit doesn't know (transfers of this host, outputs) are left out.
 */
export class RawJsonView implements View {
  readonly #out: TerminalStream;
  readonly #state: BuildState;

  constructor(out: TerminalStream, state: BuildState) {
    this.#out = out;
    this.#state = state;
  }

  event(event: SolveEvent): void {
    this.#state.take(event);
    const document = statusOf(event);
    if (document !== undefined) this.#out.write(`${JSON.stringify(document)}\n`);
  }

  notice(): void {}

  end(): void {}
}

function statusOf(event: SolveEvent): object | undefined {
  switch (event.kind) {
    case 'vertex':
      return {
        vertexes: [
          {
            digest: event.digest,
            ...(event.inputs.length === 0 ? {} : { inputs: event.inputs }),
            name: event.name,
            ...time('started', event.started),
            ...time('completed', event.completed),
            ...(event.cached ? { cached: true } : {}),
            ...(event.error === undefined ? {} : { error: event.error }),
            ...(event.progressGroup === undefined ? {} : { progressGroup: event.progressGroup }),
          },
        ],
      };
    case 'progress':
      return {
        statuses: [
          {
            id: event.id,
            vertex: event.vertex,
            name: event.name,
            total: Number(event.total),
            current: Number(event.current),
            ...time('started', event.started),
            ...time('completed', event.completed),
          },
        ],
      };
    case 'log':
      return {
        logs: [
          {
            vertex: event.vertex,
            stream: event.stream === 'stdout' ? 1 : 2,
            data: Buffer.from(event.data).toString('base64'),
            ...time('timestamp', event.time),
          },
        ],
      };
    case 'warning':
      return {
        warnings: [
          {
            vertex: event.vertex,
            level: event.level,
            short: Buffer.from(event.message).toString('base64'),
            detail: event.details.map((detail) => Buffer.from(detail).toString('base64')),
            ...(event.url === undefined ? {} : { url: event.url }),
          },
        ],
      };
    default:
      return undefined;
  }
}

function time(key: string, milliseconds: number | undefined): Record<string, string> {
  return milliseconds === undefined ? {} : { [key]: new Date(milliseconds).toISOString() };
}
