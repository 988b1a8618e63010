import { type SourceFile, type Span, sourceFile, span } from '@hlb/diagnostics';
import { type Builtin, builtinSignature } from './builtin.js';
import { builtins } from './table.js';

/** The name of the file that declares the builtins. */
export const BUILTIN_FILE_NAME = '<builtin>';

interface Declarations {
  readonly file: SourceFile;
  readonly spans: ReadonlyMap<Builtin, Span>;
}

let declarations: Declarations | undefined;

/** The builtins as a program would declare them, with their docs as comments: what "go to definition" shows. */
export function builtinFile(): SourceFile {
  return declared().file;
}

/** The name of a builtin in `builtinFile`. */
export function builtinSpan(row: Builtin): Span {
  const all = declared();
  return all.spans.get(row) ?? span(all.file, 0, 0);
}

function declared(): Declarations {
  declarations ??= declare();
  return declarations;
}

function declare(): Declarations {
  let text = '# What every HLB program can call.\n';
  const places: { readonly row: Builtin; readonly start: number }[] = [];
  for (const row of builtins) {
    text += `\n# ${row.doc}\n`;
    places.push({ row, start: text.length + row.kind.length + 1 });
    text += `${builtinSignature(row)}\n`;
  }
  const file = sourceFile(BUILTIN_FILE_NAME, text);
  return { file, spans: new Map(places.map((p) => [p.row, span(file, p.start, p.start + p.row.name.length)])) };
}
