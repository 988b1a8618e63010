import type { SolveEvent, VertexChanged, VertexLogged, VertexWarned } from '@hlb/runtime';
import type { TerminalStream } from '../process/io.js';
import { BoundedOutput } from './bounded-output.js';
import type { BuildState } from './build-state.js';
import type { View } from './view.js';

/**
 * BuildKit's own form of a solve's status (`SolveStatus` as Go writes it, a document a line), as `--progress=rawjson` of
 * other tools gives it. Events that BuildKit doesn't know (transfers of this host, outputs) are left out. Where nobody reads in
 * time, logs and counters that go on are left out, too, and the log says so at its place.
 */
export class RawJsonView implements View {
  readonly #out: BoundedOutput;
  readonly #state: BuildState;
  /** The last part of each log of which something was left out, and how many bytes that were. */
  readonly #leftOut = new Map<string, { readonly last: VertexLogged; readonly bytes: number }>();

  constructor(out: TerminalStream, state: BuildState) {
    this.#out = new BoundedOutput(out);
    this.#state = state;
  }

  event(event: SolveEvent): void {
    this.#state.take(event);
    const { full } = this.#out;
    if (!full) this.#tell();
    if (full && event.kind === 'log') this.#leaveOut(event);
    else if (!full || event.kind !== 'progress' || event.completed !== undefined) this.#write(event);
  }

  notice(): void {}

  end(): void {
    this.#tell();
  }

  #leaveOut(last: VertexLogged): void {
    const bytes = (this.#leftOut.get(last.vertex)?.bytes ?? 0) + last.data.byteLength;
    this.#leftOut.set(last.vertex, { last, bytes });
  }

  #tell(): void {
    for (const { last, bytes } of this.#leftOut.values()) {
      this.#write({ ...last, data: Buffer.from(`\n… ${bytes} bytes left out here: nobody read them in time …\n`) });
    }
    this.#leftOut.clear();
  }

  #write(event: SolveEvent): void {
    const document = statusOf(event);
    if (document !== undefined) this.#out.write(`${JSON.stringify(document)}\n`);
  }
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
            ...(event.progressGroup === undefined ? {} : { progressGroup: groupOf(event.progressGroup) }),
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
            ...(event.total === 0n ? {} : { total: Number(event.total) }),
            current: Number(event.current),
            ...time('timestamp', event.time),
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
            data: base64(event.data),
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
            short: base64(event.message),
            detail: event.details.map(base64),
            ...(event.url === undefined ? {} : { url: event.url }),
            ...(event.source === undefined ? {} : sourceOf(event.source)),
          },
        ],
      };
    default:
      return undefined;
  }
}

function groupOf({ id, name, weak }: NonNullable<VertexChanged['progressGroup']>): object {
  return { id, name, ...(weak ? { weak } : {}) };
}

function sourceOf({ file, data, ranges }: NonNullable<VertexWarned['source']>): object {
  return { sourceInfo: { filename: file, data: base64(data) }, range: ranges };
}

function base64(data: string | Uint8Array): string {
  return (
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  ).toString('base64');
}

/** A time as Go writes it, with the microseconds that a number of milliseconds can tell. */
function time(key: string, milliseconds: number | undefined): Record<string, string> {
  if (milliseconds === undefined) return {};
  const whole = Math.floor(milliseconds);
  const micro = String(Math.min(999, Math.round((milliseconds - whole) * 1000))).padStart(3, '0');
  return { [key]: new Date(whole).toISOString().replace('Z', `${micro}Z`) };
}
