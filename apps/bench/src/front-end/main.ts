import { readFileSync } from 'node:fs';
import { parse as parseJavaScript } from '@babel/parser';
import { check, lint } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import { format, parse } from '@hlb/parser';

/**
 * What the front-end scenario times as a process: reads a file and takes it as far as the first argument says. Fails on a program
 * with mistakes, so that nothing is timed that gave up early.
 */
function main(what: string | undefined, path: string | undefined): void {
  if (path === undefined) throw new Error('no file was named');
  const text = readFileSync(path, 'utf8');
  switch (what) {
    case 'babel':
      parseJavaScript(text);
      return;
    case 'parse':
      expectNone(parse(sourceFile(path, text)).diagnostics.length);
      return;
    case 'check': {
      const { module, diagnostics } = parse(sourceFile(path, text));
      expectNone(diagnostics.length + check(module).diagnostics.length);
      return;
    }
    case 'lint': {
      const { module, diagnostics } = parse(sourceFile(path, text));
      const checked = check(module, { syntax: diagnostics });
      expectNone(diagnostics.length + checked.diagnostics.length + lint(checked).length);
      return;
    }
    case 'format':
      if ('diagnostics' in format(sourceFile(path, text))) expectNone(1);
      return;
    default:
      throw new Error(`nothing is called ${what}`);
  }
}

function expectNone(diagnostics: number): void {
  if (diagnostics > 0) throw new Error('the program has mistakes');
}

main(process.argv[2], process.argv[3]);
