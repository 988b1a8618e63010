import type { SourceFile } from '@hlb/diagnostics';
import type { Op, OptionPlace, Text } from '@hlb/ir';
import type { ModuleInstance } from '../elaborate/scope.js';
import { BadValue, LoweringProblem, placed } from './problem.js';

/** What modules from elsewhere may ask for. */
export interface Trust {
  /** `network.host`, `security.insecure` */
  readonly allowed: ReadonlySet<string>;
  /** The files of modules from elsewhere. */
  readonly foreign: ReadonlySet<SourceFile>;
}

/** The trust in the modules that these instances are made of. */
export function trustIn(instances: Iterable<ModuleInstance>, allowed: readonly string[]): Trust {
  const foreign = new Set<SourceFile>();
  const met = new Set<ModuleInstance>();
  const open = [...instances];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (met.has(next)) continue;
    met.add(next);
    if (next.remote === true) foreign.add(next.checked.file);
    open.push(...next.imports.values());
  }
  return { allowed: new Set(allowed), foreign };
}

/**
 * The program is trusted by who runs it, and may take commands out of their sandbox; a module from elsewhere may where it is allowed to.
 * What counts is where the option stands.
 */
export function requireTrust(
  op: Op,
  option: OptionPlace & { readonly mode: Text },
  entitlement: string,
  trust: Trust | undefined,
): void {
  const file = option.mode.at?.file;
  if (trust === undefined || file === undefined || !trust.foreign.has(file) || trust.allowed.has(entitlement)) return;
  const bad = new BadValue('HLB0534', {
    message: `a module from elsewhere asks for ${entitlement}`,
    label: 'this takes the command out of its sandbox',
    notes: [`${file.name} was not read from this machine.`],
    helps: [`If you trust it with that, add --allow ${entitlement}.`],
  });
  throw new LoweringProblem(placed(op, bad, option.mode, option));
}
