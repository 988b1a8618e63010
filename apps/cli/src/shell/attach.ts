import { once } from 'node:events';
import type { ContainerProcess, ProcessExit } from '@hlb/buildkit';
import type { Io } from '../process/io.js';

/**
 * Gives the user's terminal to a process with a terminal of its own: each key goes there as it is, Ctrl-C too, and the size follows.
 * The terminal is as it was when this settles.
 */
export async function attach(io: Io, process: ContainerProcess, signal: AbortSignal): Promise<ProcessExit> {
  const { stdin, stderr } = io;
  const resize = (): void => process.resize(stderr.rows ?? 24, stderr.columns ?? 80);
  const type = (chunk: Buffer): void => void process.stdin?.write(chunk);
  const stop = (): void => process.disconnect();
  // Input for a process that has ended goes nowhere.
  process.stdin?.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
  signal.addEventListener('abort', stop, { once: true });
  stdin.setRawMode?.(true);
  try {
    stdin.on('data', type).resume();
    stderr.on('resize', resize);
    resize();
    const ended = once(process.stdout, 'close');
    process.stdout.on('data', (chunk: Buffer) => {
      if (!stderr.write(chunk)) process.stdout.pause();
    });
    const drained = (): unknown => process.stdout.resume();
    stderr.on('drain', drained);
    try {
      const exit = await process.exit;
      await ended;
      return exit;
    } finally {
      stderr.off('drain', drained);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stdin.setRawMode?.(false);
    stdin.off('data', type).pause();
    stderr.off('resize', resize);
  }
}
