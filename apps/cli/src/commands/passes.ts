import { orderPasses, type PassUse } from '@hlb/ir';
import { type PipelineRow, passesAt, pipeline } from '@hlb/lowering';
import { openProject, type Project, programFolder } from '../config/project.js';
import { type Io, write } from '../process/io.js';
import type { PassesFlags } from '../program/compiler.js';
import type { GlobalOptions } from '../program/options.js';
import { hasErrors, report, reportJson } from '../report.js';

export interface PassesOptions extends GlobalOptions, PassesFlags {
  readonly file: string;
}

/** `hlb passes`: the pipeline as it would run, in order, with why each pass stands where it does and where it comes from. */
export async function passes(io: Io, options: PassesOptions): Promise<number> {
  const project = await openProject(io, options, programFolder(io, options.file));
  try {
    const level = options.O === '0' ? 'O0' : 'default';
    const own = passesAt(level, project.skipped).map((pass) => ({ pass }));
    const outside = project.uses.filter(({ pass }) => level !== 'O0' || pass.required === true);
    const known = [...pipeline, ...project.uses].map(({ pass }) => pass.name);
    const { order, diagnostics } = orderPasses([...own, ...outside], known);
    const found = [...project.diagnostics, ...diagnostics];
    if (hasErrors(found)) {
      if (options.json === true) await reportJson(io, found);
      else await report(io, found, options);
      return 1;
    }
    const rows = order.map((use) => rowOf(use, project));
    const others = pipeline
      .filter(({ pass }) => !order.some((use) => use.pass === pass))
      .map((row) => otherOf(row, project));
    const text = options.json === true ? JSON.stringify({ passes: rows, others }) : table(rows, others);
    await write(io.stdout, `${text}\n`);
    return 0;
  } finally {
    await project.close();
  }
}

interface PassRow {
  readonly name: string;
  readonly kind: PipelineRow['kind'];
  /** `hlb`, a package and its version, a path, or the configuration. */
  readonly from: string;
  readonly doc: string;
  /** Why it stands where it does; of a pass from outside what it says of that. */
  readonly why: string;
  readonly options?: unknown;
}

/** A pass of the project that would not run. */
interface OtherPass {
  readonly name: string;
  readonly kind: PipelineRow['kind'];
  readonly doc: string;
  /** Why it would not run, and what makes it run. */
  readonly why: string;
}

function otherOf({ pass, kind }: PipelineRow, project: Project): OtherPass {
  const why = project.skipped.includes(pass.name)
    ? 'left out, as it is said'
    : kind === 'on-request' && !project.uses.some((use) => use.pass === pass)
      ? `on request: --pass ${pass.name}`
      : 'not at -O0';
  return { name: pass.name, kind, doc: pass.doc ?? '', why };
}

function rowOf(use: PassUse, project: Project): PassRow {
  const { pass, options } = use;
  const own = pipeline.find((row) => row.pass === pass);
  return {
    name: pass.name,
    kind: own?.kind ?? (pass.required === true ? 'required' : 'optional'),
    from: project.passes.find((each) => each.use === use)?.from ?? 'hlb',
    doc: pass.doc ?? '',
    why: own?.why ?? places(use),
    ...(options === undefined ? {} : { options }),
  };
}

function places({ pass, after = [], before = [] }: PassUse): string {
  const parts = [
    ['Needs', pass.needs ?? []],
    ['after', [...(pass.after ?? []), ...after]],
    ['before', [...(pass.before ?? []), ...before]],
  ] as const;
  const said = parts.filter(([, names]) => names.length > 0).map(([word, names]) => `${word} ${names.join(', ')}`);
  const [first = 'Names no other pass, so it runs last', ...rest] = said;
  return `${[first[0]?.toUpperCase() + first.slice(1), ...rest].join('; ')}.`;
}

function table(rows: readonly PassRow[], others: readonly OtherPass[]): string {
  const width = Math.max(...[...rows, ...others].map(({ name }) => name.length));
  const indent = ' '.repeat(width + 2);
  const lines = rows.flatMap(({ name, kind, from, doc, why, options }) => [
    `${name.padEnd(width)}  ${kind}, from ${from}`,
    ...(doc === '' ? [] : [`${indent}${doc}`]),
    `${indent}${why}`,
    ...(options === undefined ? [] : [`${indent}options: ${JSON.stringify(options)}`]),
  ]);
  if (others.length > 0) lines.push('', 'do not run:');
  for (const { name, doc, why } of others) lines.push(`${name.padEnd(width)}  ${why}`, `${indent}${doc}`);
  return lines.join('\n');
}
