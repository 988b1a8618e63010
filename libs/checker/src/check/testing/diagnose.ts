import { type Diagnostic, sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import type { CheckedModule, ModuleInterface } from '../../checked.js';
import { check } from '../check.js';
import { checkReferences, interfaceOf } from '../references.js';

/** A program as the checker sees it, with the modules that it imports by name. */
export interface Checked {
  readonly checked: CheckedModule;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses and checks a program. `modules` are the texts of its imports, by their names. */
export function open(text: string, modules: Readonly<Record<string, string>> = {}): Checked {
  const parsed = parse(sourceFile('build.hlb', text));
  const checked = check(parsed.module, { syntax: parsed.diagnostics });
  const interfaces = new Map<string, ModuleInterface>();
  for (const [name, module] of Object.entries(modules)) {
    interfaces.set(name, interfaceOf(check(parse(sourceFile(`${name}.hlb`, module)).module)));
  }
  const references = checkReferences(checked, interfaces);
  return { checked, diagnostics: [...parsed.diagnostics, ...checked.diagnostics, ...references, ...checked.early] };
}

/** What is wrong with a program, one line each: `CODE LINE:COLUMN MESSAGE`, and ` (warning)` where it is none but that. */
export function findings(text: string, modules?: Readonly<Record<string, string>>): readonly string[] {
  return open(text, modules).diagnostics.map(summary);
}

/** A diagnostic in one line. */
export function summary({ code, severity, message, labels }: Diagnostic): string {
  const span = labels[0]?.span;
  const { line, column } = span?.file.position(span.start) ?? { line: 0, column: 0 };
  return `${code} ${line}:${column} ${message}${severity === 'error' ? '' : ` (${severity})`}`;
}
