import { readFile } from 'node:fs/promises';
import { EngineError } from '../engine-error.js';
import { runCommand } from './command.js';

/** The mount points in or below `folder`, deepest first. */
async function mountsBelow(folder: string): Promise<string[]> {
  return mountPoints(await readFile('/proc/self/mountinfo', 'utf8'))
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();
}

/** The mount points that a mountinfo file (proc(5)) lists, in its order, which is that of their making. */
export function mountPoints(mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((point) => point !== undefined)
    .map((point) =>
      point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}

/**
 * Unmounts all that is mounted in or below `folder`, also what is still in use. Throws when something stays mounted, so that
 * nobody deletes through it.
 */
export async function unmountBelow(folder: string): Promise<void> {
  for (const point of await mountsBelow(folder)) await runCommand('umount', ['-l', point]);
  const left = await mountsBelow(folder);
  if (left.length === 0) return;
  throw new EngineError(
    'stop-failed',
    `${left.join(', ')} can't be unmounted.`,
    'Unmount it by hand (`umount -l`), and run it again.',
  );
}
