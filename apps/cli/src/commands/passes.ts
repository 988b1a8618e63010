import { pipeline } from '@hlb/lowering';
import { type Io, write } from '../io.js';
import type { OptimisationLevel } from '../program.js';

/** `hlb passes`: the pipeline as it would run, in order, with why each pass stands where it does. */
export async function passes(
  io: Io,
  options: { readonly O: OptimisationLevel; readonly json?: boolean },
): Promise<number> {
  const rows = pipeline.filter((row) => options.O !== '0' || row.kind === 'required');
  if (options.json === true) {
    const json = rows.map(({ pass, kind, why }) => ({ name: pass.name, kind, doc: pass.doc ?? '', why }));
    await write(io.stdout, `${JSON.stringify({ passes: json })}\n`);
    return 0;
  }
  const width = Math.max(...rows.map(({ pass }) => pass.name.length));
  for (const { pass, kind, why } of rows) {
    const head = `${pass.name.padEnd(width)}  ${kind}`;
    const indent = ' '.repeat(width + 2);
    const doc = pass.doc === undefined ? '' : `${indent}${pass.doc}\n`;
    await write(io.stdout, `${head}\n${doc}${indent}${why}\n`);
  }
  return 0;
}
