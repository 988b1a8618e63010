import { INTERRUPTED } from './interrupt.js';
import type { Io, TerminalStream } from './io.js';

/** How long (ms) a reader that doesn't read may keep a command that was interrupted. */
const PATIENCE = 1000;

/**
 * Lets the process end with an exit code. All that was written goes out before, however long its reader takes; only after an
 * interruption, when somebody waits for the end, what isn't read in time is left.
 */
export async function endProcess(io: Io, code: number): Promise<void> {
  process.exitCode = code;
  if (code !== INTERRUPTED) return;
  const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([late, Promise.all([io.stdout, io.stderr].map(flushed))]);
  process.exit(code);
}

/** Resolves when a stream has given on all that it was given, or can't. */
function flushed(stream: TerminalStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}
