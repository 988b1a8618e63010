import { basename, dirname, join } from 'node:path';
import type { Diagnostic } from '@hlb/diagnostics';
import { type HostFacts, hostPath, type PathFact } from '@hlb/facts';
import { type IrModule, type LocalOp, rebuild } from '@hlb/ir';
import { BadValue, placed } from '../lower/problem.js';

/** Asks the host what stands where each local points, all at once, and writes it on the ops. */
export async function resolveLocals(
  module: IrModule,
  facts: HostFacts,
): Promise<{ readonly module: IrModule; readonly diagnostics: readonly Diagnostic[] }> {
  const locals = module.ops.filter((op) => op.kind === 'local');
  if (locals.length === 0) return { module, diagnostics: [] };
  const [cwd, home] = await Promise.all([facts.cwd(), facts.home()]);
  const asked = new Map<string, Promise<PathFact>>();
  const pathOf = ({ path, base }: LocalOp): string | undefined =>
    typeof path.text === 'string' ? hostPath(path.text, { base, cwd, home }) : undefined;
  for (const op of locals) {
    const path = pathOf(op);
    if (path !== undefined && !asked.has(path)) asked.set(path, facts.path(path));
  }
  const answers = new Map<string, PathFact>();
  await Promise.all(
    [...asked].map(async ([path, answer]) => {
      const fact = await answer;
      answers.set(path, fact.kind === 'file' ? await fileInDirectory(path, facts) : fact);
    }),
  );
  const diagnostics: Diagnostic[] = [];
  const resolved = rebuild(module, (op) => {
    if (op.kind !== 'local') return op;
    const path = pathOf(op);
    const fact = path === undefined ? undefined : answers.get(path);
    if (fact?.kind === 'directory' || fact?.kind === 'file') {
      return { ...op, resolved: { kind: fact.kind, realPath: fact.realPath } };
    }
    diagnostics.push(placed(op, new BadValue('HLB0515', { message: problemOf(op, fact) }), op.path));
    return op;
  });
  return { module: resolved, diagnostics };
}

/** A file is sent by its name from its directory, also where it is a link: so only the links of its directory are followed. */
async function fileInDirectory(path: string, facts: HostFacts): Promise<PathFact> {
  const directory = await facts.path(dirname(path));
  return { kind: 'file', realPath: join(directory.realPath, basename(path)) };
}

function problemOf(op: LocalOp, fact: PathFact | undefined): string {
  const { text } = op.path;
  if (typeof text !== 'string') return 'the path of a local must be known before the build starts';
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
