import { check as checkModule } from '@hlb/checker';
import type { Diagnostic } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import type { Io } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';
import { hasErrors, report, reportJson } from '../report.js';
import { readSource } from '../source/source-input.js';

export interface CheckOptions extends GlobalOptions {
  readonly files: readonly string[];
  readonly json?: boolean;
}

/** `hlb check`: everything that is wrong with the files, nothing run. Exit code 1 where there is an error. */
export async function check(io: Io, options: CheckOptions): Promise<number> {
  const diagnostics: Diagnostic[] = [];
  for (const path of options.files) {
    const file = await readSource(io, path);
    const parsed = parse(file);
    const checked = checkModule(parsed.module, { syntax: parsed.diagnostics });
    diagnostics.push(...parsed.diagnostics, ...checked.diagnostics, ...checked.early);
    if (checked.imports.length === 0) continue;
    const { importMistakes } = await import('../compiling.js');
    diagnostics.push(...(await importMistakes(io, path, checked, 'program')));
  }
  if (options.json === true) await reportJson(io, diagnostics);
  else await report(io, diagnostics, options);
  return hasErrors(diagnostics) ? 1 : 0;
}
