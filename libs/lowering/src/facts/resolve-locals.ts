import { basename, dirname, join } from 'node:path';
import type { Diagnostic } from '@hlb/diagnostics';
import { type HostFacts, hostPath, type PathFact } from '@hlb/facts';
import { type IrModule, type LocalOp, rebuild } from '@hlb/ir';
import { BadValue, LoweringProblem, placed } from '../lower/problem.js';
import type { HostPlace } from './host-command.js';

/**
 * Asks the host what stands where each local points, all at once, and writes it on the ops. Those whose paths are only known later stay
 * as they are.
 */
export async function resolveLocals(
  module: IrModule,
  facts: HostFacts,
): Promise<{ readonly module: IrModule; readonly diagnostics: readonly Diagnostic[] }> {
  const locals = module.ops.filter((op) => op.kind === 'local' && typeof op.path.text === 'string');
  if (locals.length === 0) return { module, diagnostics: [] };
  const [cwd, home] = await Promise.all([facts.cwd(), facts.home()]);
  const asked = new Map<string, Promise<PathFact>>();
  const pathOf = ({ path, base }: LocalOp): string | undefined =>
    typeof path.text === 'string' ? hostPath(path.text, { base, cwd, home }) : undefined;
  for (const op of locals) {
    const path = op.kind === 'local' ? pathOf(op) : undefined;
    if (path !== undefined && !asked.has(path)) asked.set(path, facts.path(path));
  }
  const answers = new Map<string, PathFact>();
  await Promise.all(
    [...asked].map(async ([path, answer]) => {
      answers.set(path, await placeOf(path, await answer, facts));
    }),
  );
  const diagnostics: Diagnostic[] = [];
  const resolved = rebuild(module, (op) => {
    if (op.kind !== 'local' || typeof op.path.text !== 'string') return op;
    const path = pathOf(op);
    const fact = path === undefined ? undefined : answers.get(path);
    if (fact?.kind === 'directory' || fact?.kind === 'file') {
      return { ...op, resolved: { kind: fact.kind, realPath: fact.realPath } };
    }
    diagnostics.push(placed(op, badPath(op.path.text, fact), op.path));
    return op;
  });
  return { module: resolved, diagnostics };
}

/**
 * What stands where a local points whose path was not known before, and the absolute path that was asked for.
 * @throws LoweringProblem where there is nothing that can be sent
 */
export async function locateLocal(
  op: LocalOp,
  path: string,
  place: HostPlace,
  facts: Pick<HostFacts, 'path'>,
): Promise<{ readonly asked: string; readonly fact: PathFact }> {
  const asked = hostPath(path, { base: op.base, ...place });
  const fact = asked === undefined ? undefined : await placeOf(asked, await facts.path(asked), facts);
  if (asked !== undefined && (fact?.kind === 'directory' || fact?.kind === 'file')) return { asked, fact };
  throw new LoweringProblem(placed(op, badPath(path, fact), op.path));
}

/** A file is sent by its name from its directory, also where it is a link: so only the links of its directory are followed. */
async function placeOf(path: string, fact: PathFact, facts: Pick<HostFacts, 'path'>): Promise<PathFact> {
  if (fact.kind !== 'file') return fact;
  const directory = await facts.path(dirname(path));
  return { kind: 'file', realPath: join(directory.realPath, basename(path)) };
}

function badPath(text: string, fact: PathFact | undefined): BadValue {
  return new BadValue('HLB0515', { message: problemOf(text, fact) }, fact === undefined ? 'call' : 'argument');
}

function problemOf(text: string, fact: PathFact | undefined): string {
  switch (fact?.kind) {
    case undefined:
      return `${text}: the home directory of another user has no meaning here`;
    case 'unreadable':
      return `${text} can't be read`;
    case 'missing':
      return `there is no file or directory ${text}`;
    default:
      return `${text} is neither a file nor a directory`;
  }
}
