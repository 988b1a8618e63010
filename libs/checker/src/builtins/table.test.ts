import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { isOptionKind } from '../kind.js';
import { builtinSignature } from './builtin.js';
import { builtinFile, builtinSpan } from './declarations.js';
import { builtinNames, builtins, builtinsNamed, builtinsOfKind, findBuiltin, optionKinds } from './table.js';

describe('the table of builtins', () => {
  test('has every builtin of the language, each overload once', () => {
    const count = (test: (kind: string) => boolean): number => builtins.filter((row) => test(row.kind)).length;
    expect(builtins).toHaveLength(103);
    expect([count((k) => k === 'fs'), count((k) => k === 'string'), count((k) => k === 'pipeline')]).toEqual([
      29, 8, 1,
    ]);
    expect(count(isOptionKind)).toBe(65);
    expect(new Set(builtins.map((row) => `${row.kind} ${row.name}`)).size).toBe(103);
  });

  test('has the options of each builtin that takes some, and of no other', () => {
    const taken = builtins.flatMap((row) => (row.options === undefined ? [] : [row.options]));
    expect([...optionKinds].sort()).toEqual([...taken].sort());
    for (const row of builtins) if (row.options !== undefined) expect(row.options).toBe(`option::${row.name}`);
  });

  test('has variadic parameters at the end only', () => {
    for (const { params, name } of builtins) {
      for (const param of params.slice(0, -1)) expect(param.variadic, name).toBe(false);
    }
  });

  test('is described in sentences', () => {
    for (const { doc, name } of builtins) expect(doc, name).toMatch(/^[A-Z].*\.$/s);
  });

  test('is found by name and by kind', () => {
    expect(builtinsNamed('env').map((row) => row.kind)).toEqual(['option::run', 'fs']);
    expect(findBuiltin('env', 'fs')?.kind).toBe('fs');
    expect(findBuiltin('env', 'option::copy')).toBeUndefined();
    expect(builtinsNamed('nope')).toEqual([]);
    expect(builtinsNamed('constructor')).toEqual([]);
    expect(builtinsOfKind('option::mount').map((row) => row.name)).toEqual([
      'readonly',
      'tmpfs',
      'sourcePath',
      'cache',
    ]);
    expect(builtinNames()).toHaveLength(new Set(builtins.map((row) => row.name)).size);
  });
});

describe('the declarations of builtins', () => {
  test('are a program, with each builtin as it is in the table', () => {
    const { module, diagnostics } = parse(builtinFile());
    expect(diagnostics).toEqual([]);
    const declared = module.decls.filter((decl) => decl.kind === 'func');
    const texts = declared.map((decl) => builtinFile().text.slice(decl.start, decl.end));
    expect(texts).toEqual(builtins.map(builtinSignature));
  });

  test('are found by their rows', () => {
    for (const row of builtins) {
      const { file, start, end } = builtinSpan(row);
      expect(file.text.slice(start, end)).toBe(row.name);
    }
  });
});
