import { type Connection, hasClassicStore } from '@hlb/buildkit';
import { callsAround, type OutputStep } from '@hlb/plan';
import { SolveError } from '../events/events.js';

/** Docker's engine on its classic image store can't export images; archives of Docker hold one platform. */
export function requireSupport(connection: Connection, step: OutputStep): void {
  const classic = hasClassicStore(connection);
  const several = step.parts !== undefined;
  for (const { kind } of step.outputs) {
    const exportsImage = kind === 'push' || kind === 'oci-tar' || kind === 'docker-tar';
    if (classic && (exportsImage || (kind === 'load' && several))) {
      const what = exportsImage ? 'export images' : 'keep images of several platforms';
      throw unsupported(step, `this Docker engine cannot ${what}`, 'Turn its containerd image store on.');
    }
    if (several && (kind === 'docker-tar' || (kind === 'load' && connection.kind !== 'docker'))) {
      throw unsupported(
        step,
        'a Docker archive holds an image of one platform, and several are built',
        'Use downloadOCITarball or dockerPush, or build one platform.',
      );
    }
  }
}

export function unsupported(step: OutputStep, message: string, help: string): SolveError {
  return new SolveError(message, {
    reason: 'unsupported',
    step: step.id,
    places: [],
    calls: callsAround(step.call),
    help,
  });
}
