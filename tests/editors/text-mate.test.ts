import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sourceFile } from '@hlb/diagnostics';
import { lex, readTokens } from '@hlb/lexer';
import { parse } from '@hlb/parser';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';
import { conformanceCases } from '../support/conformance.js';

const path = join(import.meta.dirname, '../../editors/hlb.tmLanguage.json');
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, 'utf8'), path),
  });
  const loaded = await registry.loadGrammar('source.hlb');
  if (loaded === null) throw new Error('the grammar does not load');
  grammar = loaded;
});

interface Scoped {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

/** The pieces of a text with their scopes, outermost first. */
function scoped(text: string): Scoped[] {
  const pieces: Scoped[] = [];
  let state = textmate.INITIAL;
  let offset = 0;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    for (const token of result.tokens)
      pieces.push({ start: offset + token.startIndex, end: offset + token.endIndex, scopes: token.scopes });
    state = result.ruleStack;
    offset += line.length + 1;
  }
  return pieces;
}

/** `TEXT SCOPE` of the pieces that aren't blank, with the innermost scope. */
function shown(text: string): string[] {
  return scoped(text)
    .map((piece) => ({ text: text.slice(piece.start, piece.end).trim(), scope: piece.scopes.at(-1) ?? '' }))
    .filter((piece) => piece.text !== '')
    .map((piece) => `${piece.text} ${piece.scope.replace(/\.hlb$/, '')}`);
}

describe('the TextMate grammar', () => {
  test('tells the parts of declarations apart', () => {
    expect(shown('import kit from "./kit" # c\nexport job\nfs job(variadic string a) binds (fs out) {')).toEqual([
      'import keyword.control.import',
      'kit entity.name.namespace',
      'from keyword.control.from',
      '" punctuation.definition.string.begin',
      './kit string.quoted.double',
      '" punctuation.definition.string.end',
      '# punctuation.definition.comment',
      'c comment.line.number-sign',
      'export keyword.control.export',
      'job entity.name.function',
      'fs storage.type',
      'job entity.name.function',
      '( punctuation.section.parens.begin',
      'variadic storage.modifier.variadic',
      'string storage.type',
      'a variable.parameter',
      ') punctuation.section.parens.end',
      'binds keyword.other.binds',
      '( punctuation.section.parens.begin',
      'fs storage.type',
      'out variable.parameter',
      ') punctuation.section.parens.end',
      '{ punctuation.section.block.begin',
    ]);
  });

  test('tells the parts of statements apart', () => {
    expect(
      shown('fs f() {\n\tkit.run a(0o755, true) with option { dir "/\\n\\q"; } as (target t)\n}').slice(5),
    ).toEqual([
      'kit entity.name.namespace',
      '. punctuation.accessor',
      'run entity.name.function.call',
      'a variable.other',
      '( punctuation.section.parens.begin',
      '0o755 constant.numeric.octal',
      ', punctuation.separator.comma',
      'true constant.language.boolean',
      ') punctuation.section.parens.end',
      'with keyword.control.with',
      'option storage.type',
      '{ punctuation.section.block.begin',
      'dir entity.name.function.call',
      '" punctuation.definition.string.begin',
      '/ string.quoted.double',
      '\\n constant.character.escape',
      '\\q invalid.illegal.escape',
      '" punctuation.definition.string.end',
      '; punctuation.terminator.statement',
      '} punctuation.section.block.end',
      'as keyword.control.as',
      '( punctuation.section.parens.begin',
      'target variable.parameter',
      't entity.name.function',
      ') punctuation.section.parens.end',
      '} punctuation.section.block.end',
    ]);
  });

  test('ends heredocs where the lexer does', () => {
    expect(shown('fs f() {\n\trun <<-EOM\n\t\techo ${x} \\$y NEOM\n\tEOM with a\n}').slice(5)).toEqual([
      'run entity.name.function.call',
      '<<-EOM punctuation.definition.string.begin',
      'echo string.unquoted.heredoc',
      '${ punctuation.section.interpolation.begin',
      'x variable.other',
      '} punctuation.section.interpolation.end',
      '\\$ constant.character.escape',
      'y NEOM string.unquoted.heredoc',
      'EOM punctuation.definition.string.end',
      'with keyword.control.with',
      'a variable.other',
      '} punctuation.section.block.end',
    ]);
  });
});

/** A scope that the grammar must give to the start of a token of the lexer's kind. */
const wanted: Readonly<Record<string, RegExp>> = {
  comment: /^punctuation\.definition\.comment/,
  import: /^keyword\.control\.import/,
  export: /^keyword\.control\.export/,
  with: /^keyword\.control\.with/,
  as: /^keyword\.control\.as/,
  decimal: /^constant\.numeric\.decimal/,
  numeric: /^constant\.numeric\.(binary|octal|hex)/,
  bool: /^constant\.language\.boolean/,
  ident: /^(entity\.name|variable|storage|keyword\.control\.from|keyword\.other\.binds)/,
  dot: /^punctuation\.accessor/,
  comma: /^punctuation\.separator\.comma/,
  semicolon: /^punctuation\.terminator\.statement/,
  'brace-open': /^punctuation\.section\.block\.begin/,
  'brace-close': /^punctuation\.section\.block\.end/,
  'paren-open': /^punctuation\.section\.parens\.begin/,
  'paren-close': /^punctuation\.section\.parens\.end/,
  'string-open': /^punctuation\.definition\.string\.begin/,
  'string-close': /^punctuation\.definition\.string\.end/,
  'raw-open': /^punctuation\.definition\.string\.begin/,
  'raw-close': /^punctuation\.definition\.string\.end/,
  'heredoc-open': /^punctuation\.definition\.string\.begin/,
  'heredoc-close': /^punctuation\.definition\.string\.end/,
  'raw-heredoc-open': /^punctuation\.definition\.string\.begin/,
  'raw-heredoc-close': /^punctuation\.definition\.string\.end/,
  'interpolation-open': /^punctuation\.section\.interpolation\.begin/,
  'interpolation-close': /^punctuation\.section\.interpolation\.end/,
  escape: /^constant\.character\.escape/,
  text: /^string/,
};

describe('every program of the conformance data', () => {
  for (const found of conformanceCases()) {
    const name = (found.expect.options as { file?: string } | undefined)?.file ?? 'program.hlb';
    const file = sourceFile(name, readFileSync(join(found.folder, name), 'utf8'));
    if (parse(file).diagnostics.length > 0) continue;
    test(`${found.name}: the grammar sees what the lexer sees`, () => {
      const pieces = scoped(file.text);
      const wrong: string[] = [];
      for (const token of readTokens(file, lex(file).tokens)) {
        const scope = wanted[token.kind];
        if (scope === undefined) continue;
        // Of a text that starts with a newline, the first character that a line has.
        const start = token.start + token.text.length - token.text.replace(/^\n+/, '').length;
        if (start >= token.end) continue;
        const piece = pieces.find((candidate) => candidate.start <= start && start < candidate.end);
        if (!scope.test(piece?.scopes.at(-1) ?? ''))
          wrong.push(`${token.kind} ${JSON.stringify(token.text)}: ${piece?.scopes.at(-1)}`);
      }
      expect(wrong).toEqual([]);
    });
  }
});
