import { getPriority, platform, setPriority } from 'node:os';

/** How much nicer the thread is than the rest of its process: it has a third of what others have of a core that all of them want. */
const NICER = 5;

/** The nicest that there is. */
const NICEST = 19;

/**
 * Lets the session's own thread go first where other programs keep all cores busy: it answers the engine, and has little to do. On an idle
 * core this changes nothing. Linux alone has a priority of each thread; elsewhere the call would be for the whole process.
 */
export function giveWay(): void {
  if (platform() !== 'linux') return;
  try {
    setPriority(Math.min(getPriority() + NICER, NICEST));
  } catch {
    // A sandbox that forbids it: the thread works as it is.
  }
}
