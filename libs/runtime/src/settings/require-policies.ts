import { SolveError } from '../events/events.js';
import type { Build } from '../session/build.js';

/** Engines that don't know policies on sources ignore them without a word. */
export async function requirePolicies(build: Build): Promise<void> {
  const { llbCaps } = await build.gateway();
  if (llbCaps.has('source.policy')) return;
  await build.close();
  throw new SolveError('this engine knows no policies on sources, and would take every source', {
    ...{ reason: 'unsupported', places: [], calls: [] },
    help: 'BuildKit knows them from 0.11 on.',
  });
}
