import { type Facts, sharedCommands } from '@hlb/facts';
import type { CompiledWithModules } from '@hlb/modules';
import { commandPlatforms, mergePlatforms, type Plan, PlatformsDiffer } from '@hlb/plan';
import type { Build } from '@hlb/runtime';
import { CommandError } from '../command-error.js';
import { hasErrors } from '../report.js';

/** The platforms of `--platform`; of none that of this host. */
export function platformsOf(flag: string | undefined, host: string): readonly string[] {
  return flag === undefined ? [host] : [...new Set(flag.split(','))];
}

/** A program that was compiled for some platforms. */
export interface CompiledPlatforms {
  /** Absent where there are errors. */
  readonly plan: Plan | undefined;
  readonly diagnostics: CompiledWithModules['diagnostics'];
  readonly files: CompiledWithModules['files'];
}

/**
 * Compiles for each platform, and makes one plan of all. A command of this host that is the same for all of them runs once.
 * @throws CommandError when the outputs are not the same for all platforms
 */
export async function compilePlatforms(
  platforms: readonly string[],
  facts: Facts,
  compile: (platform: string, facts: Facts) => Promise<CompiledWithModules>,
): Promise<CompiledPlatforms> {
  const port = sharedCommands(facts);
  const plans: Plan[] = [];
  const diagnostics = new Map<string, CompiledWithModules['diagnostics'][number]>();
  let files: CompiledWithModules['files'] = [];
  for (const platform of platforms) {
    const compiled = await compile(platform, port());
    files = compiled.files;
    for (const one of compiled.diagnostics) diagnostics.set(placeOf(one), one);
    if (compiled.plan === undefined || hasErrors(compiled.diagnostics)) {
      return { plan: undefined, diagnostics: [...diagnostics.values()], files };
    }
    plans.push(compiled.plan);
  }
  try {
    return { plan: mergePlatforms(plans), diagnostics: [...diagnostics.values()], files };
  } catch (error) {
    if (!(error instanceof PlatformsDiffer)) throw error;
    throw new CommandError(error.message, { helps: ['Build one platform at a time.'], cause: error });
  }
}

function placeOf({ code, message, labels }: CompiledWithModules['diagnostics'][number]): string {
  const at = labels[0]?.span;
  return JSON.stringify([code, message, at?.file.name, at?.start]);
}

/** What is to be said of platforms for which the engine runs no commands, a sentence each. */
export function missingEmulators({ connection }: Build, plan: Plan, platforms: readonly string[]): readonly string[] {
  const runs = connection.workers
    .flatMap((worker) => worker.platforms)
    .map(({ OS, Architecture, Variant }) => `${OS}/${Architecture}${Variant === '' ? '' : `/${Variant}`}`);
  if (runs.length === 0) return [];
  const missing = platforms.filter((platform) => !runs.some((one) => sameProcessor(one, platform)));
  if (missing.length === 0) return [];
  const wanted = [...commandPlatforms(plan)];
  return missing
    .filter((platform) => wanted.some((one) => sameProcessor(one, platform)))
    .map(
      (platform) =>
        `the engine runs no commands for ${platform}: it has no emulator for it (it runs ${[...new Set(runs)].join(', ')})`,
    );
}

/** Variants tell newer processors of a kind from older ones; commands of the plain kind run on all. */
function sameProcessor(a: string, b: string): boolean {
  const kind = (text: string): string => text.split('/').slice(0, 2).join('/');
  return kind(a) === kind(b);
}
