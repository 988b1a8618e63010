import type { EngineFacts } from '@hlb/facts';
import type { ManifestOp } from '@hlb/ir';
import { normalizeImageReference } from '@hlb/names';
import type { Level } from '../elaborate/evaluation.js';
import { BadValue, LoweringProblem, placed } from '../lower/problem.js';

/** What a manifest is asked for with, its texts known. */
export interface ManifestQuestion {
  readonly ref: string;
  /** `os/arch`, where the program says one. */
  readonly platform: string | undefined;
}

/** What holds for questions that don't say it. */
export interface ManifestDefaults {
  readonly level: Level;
  /** The default platform. */
  readonly platform: string;
}

/**
 * Asks a registry for the part of a manifest that an op stands for; empty where nothing is known.
 * @throws LoweringProblem where there is no such image, or no such part
 */
export async function manifestText(
  op: ManifestOp,
  { ref, platform }: ManifestQuestion,
  defaults: ManifestDefaults,
  facts: Pick<EngineFacts, 'manifest'>,
): Promise<string> {
  const normalized = normalizeImageReference(ref);
  if (normalized === undefined) {
    const details = { message: `${JSON.stringify(ref)} is no image reference`, label: 'not a reference' };
    throw new LoweringProblem(placed(op, new BadValue('HLB0504', details), op.ref));
  }
  const standard = defaults.level === 'O0' ? 'linux/amd64' : defaults.platform;
  const request = { ref: normalized, platform: platform ?? standard };
  const manifest = await facts.manifest(request).catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    throw new LoweringProblem(placed(op, new BadValue('HLB0522', { message: error.message }), op.ref));
  });
  if (manifest === undefined) return '';
  if (op.part !== 'index') return manifest[op.part];
  if (manifest.index !== undefined) return manifest.index;
  const message = `${normalized} is a single image and has no index`;
  throw new LoweringProblem(placed(op, new BadValue('HLB0522', { message }), op.ref));
}
