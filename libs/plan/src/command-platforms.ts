import { type Definition, decodeOp, formatPlatform } from '@hlb/llb';
import type { Plan } from './plan.js';

/** The platforms for which a plan runs commands, as far as it is known before anything is built. */
export function commandPlatforms(plan: Plan): ReadonlySet<string> {
  const found = new Set<string>();
  for (const step of plan.steps) {
    if (step.kind === 'frontend' || step.kind === 'fact') continue;
    for (const { definition } of step.parts ?? [step]) {
      if (definition.kind === 'known') for (const platform of platformsIn(definition.value)) found.add(platform);
    }
  }
  return found;
}

function platformsIn({ def }: Definition): readonly string[] {
  return def.flatMap((bytes) => {
    const { op, platform } = decodeOp(bytes);
    if (op?.$case !== 'exec' || platform === undefined) return [];
    const { OS: os, Architecture: architecture, Variant: variant } = platform;
    return [formatPlatform({ os, architecture, ...(variant === '' ? {} : { variant }) })];
  });
}
