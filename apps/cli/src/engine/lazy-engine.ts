import type { EngineFacts } from '@hlb/facts';
import type { Build } from '@hlb/runtime';
import type { Io } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';

export interface LazyEngine {
  readonly facts: EngineFacts;
  open(): Promise<Build>;
  /** Closes it, if it was opened. */
  close(): Promise<void>;
}

/** What an engine knows, of one that is opened when the first question comes. */
export function lazyEngine(io: Io, options: Pick<GlobalOptions, 'engine'>, signal: AbortSignal): LazyEngine {
  let opening: Promise<Build> | undefined;
  const open = (): Promise<Build> => {
    opening ??= import('./engine-choice.js').then(({ openChosenBuild }) =>
      openChosenBuild(io, {
        engine: options.engine,
        signal,
        notice: (text) => void io.stderr.write(`${text}\n`),
      }),
    );
    return opening;
  };
  return {
    open,
    facts: {
      imageConfig: async (request) => (await open()).facts.imageConfig(request),
      manifest: async (request) => (await open()).facts.manifest(request),
    },
    close: async () => {
      const build = await opening?.catch(() => undefined);
      await build?.close();
    },
  };
}
