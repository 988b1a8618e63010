import type { EngineFacts } from '@hlb/facts';
import type { Build } from '@hlb/runtime';
import { factsFailure } from '../compiling.js';
import { INTERRUPTED, onInterrupt } from '../process/interrupt.js';
import type { Io } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';

export interface LazyEngine {
  readonly facts: EngineFacts;
  open(): Promise<Build>;
  /** Closes it, if it was opened. */
  close(): Promise<void>;
}

/**
 * Runs a command with an engine that is opened only if it is asked; it is closed at the end. Gives the command's exit code, or that of an
 * interruption.
 */
export async function withLazyEngine(
  io: Io,
  options: Pick<GlobalOptions, 'engine'>,
  use: (engine: LazyEngine, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupt = onInterrupt();
  const engine = lazyEngine(io, options, interrupt.signal);
  try {
    return await use(engine, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return INTERRUPTED;
    throw factsFailure(error);
  } finally {
    interrupt.dispose();
    await engine.close();
  }
}

/** What an engine knows, of one that is opened when the first question comes. */
function lazyEngine(io: Io, options: Pick<GlobalOptions, 'engine'>, signal: AbortSignal): LazyEngine {
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
