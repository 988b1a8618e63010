import { sourceFile } from '@hlb/diagnostics';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { programs } from '../../../../tests/support/program-arbitrary.js';
import {
  children,
  commentText,
  docComment,
  docComments,
  type Module,
  type Node,
  parse,
  printAstJson,
  visit,
} from '../index.js';
import { entriesOf } from './fields.js';

function moduleOf(text: string): Module {
  return parse(sourceFile('a.hlb', text)).module;
}

describe('children', () => {
  test('stand in order, inside of their parents, for any program', () => {
    fc.assert(
      fc.property(programs(), (text) => {
        const module = moduleOf(text);
        visit(module, {
          enter(node) {
            let end = node.start;
            for (const child of children(node)) {
              expect(child.start).toBeGreaterThanOrEqual(end);
              expect(child.end).toBeLessThanOrEqual(node.end);
              end = child.end;
            }
          },
        });
      }),
    );
  });

  test('are all nodes that a node holds, for any program', () => {
    fc.assert(
      fc.property(programs(), (text) => {
        const module = moduleOf(text);
        visit(module, {
          enter(node) {
            expect(new Set(children(node))).toEqual(new Set(nodesIn(node)));
          },
        });
      }),
    );
  });
});

/** What looks like a node among a node's fields. */
function nodesIn(node: Node): unknown[] {
  return entriesOf(node)
    .filter(([key]) => key !== 'file')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value: unknown) => typeof value === 'object' && value !== null && 'kind' in value);
}

describe('visit', () => {
  test('passes over what `enter` refuses, and names the nodes above', () => {
    const seen: string[] = [];
    visit(moduleOf('fs f() { a "b" }'), {
      enter(node, above) {
        seen.push(`${above.map((ancestor) => ancestor.kind).join('/')}>${node.kind}`);
        return node.kind !== 'ident-expr' && node.kind !== 'fields';
      },
      leave: (node) => void seen.push(`<${node.kind}`),
    });
    expect(seen).toEqual([
      '>module',
      'module>func',
      'module/func>type',
      '<type',
      'module/func>ident',
      '<ident',
      'module/func>fields',
      'module/func>block',
      'module/func/block>call-stmt',
      'module/func/block/call-stmt>ident-expr',
      'module/func/block/call-stmt>string',
      'module/func/block/call-stmt/string>text',
      '<text',
      '<string',
      '<call-stmt',
      '<block',
      '<func',
      '<module',
    ]);
  });
});

describe('doc comments', () => {
  test('are the lines directly above', () => {
    const module = moduleOf(
      '# apart\n\n# one\n#two\n#  three \nfs f() # behind\n# of g\nfs g() fs h()\n\n# above nothing\n\nfs i()\n',
    );
    const docs = docComments(module);
    const found = module.decls.flatMap((decl) =>
      decl.kind === 'func' ? [[decl.name.text, commentText(docs.get(decl) ?? [])]] : [],
    );
    expect(found).toEqual([
      ['f', 'one\ntwo\n three'],
      ['g', 'of g'],
      ['h', ''],
      ['i', ''],
    ]);
    const first = module.decls.find((decl) => decl.kind === 'func');
    expect(first && docComment(module, first).map((comment) => comment.text)).toEqual(['# one', '#two', '#  three ']);
  });
});

test('a tree as JSON has places in place of offsets, and integers as text', () => {
  const json = printAstJson(moduleOf('import a from 9007199254740993'));
  expect(JSON.parse(json)).toEqual({
    kind: 'module',
    start: { line: 1, column: 1 },
    end: { line: 1, column: 31 },
    file: 'a.hlb',
    decls: [
      {
        kind: 'import',
        start: { line: 1, column: 1 },
        end: { line: 1, column: 31 },
        name: { kind: 'ident', start: { line: 1, column: 8 }, end: { line: 1, column: 9 }, text: 'a' },
        from: { start: { line: 1, column: 10 }, end: { line: 1, column: 14 } },
        expr: {
          kind: 'int',
          start: { line: 1, column: 15 },
          end: { line: 1, column: 31 },
          base: 10,
          value: '9007199254740993',
        },
      },
    ],
  });
});
