import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PathMatcher } from './path-matcher.js';
import { type DirectoryState, type PatternLists, TreeFilter } from './tree-filter.js';

/** A tree as nested objects; files are null. */
interface Tree {
  readonly [name: string]: Tree | null;
}

/** What a walk sends, parents before children, as the transfer does it. */
function sent(tree: Tree, lists: readonly PatternLists[], visited: string[] = []): string[] {
  const filter = new TreeFilter(lists);
  const paths: string[] = [];
  const walk = (directory: Tree, prefix: string, state: DirectoryState, untold: string[]): void => {
    for (const name of Object.keys(directory).sort()) {
      const inner = directory[name] ?? null;
      const path = prefix + name;
      visited.push(path);
      const decision = filter.decide(path, inner !== null, state);
      if (decision.send) paths.push(...untold.splice(0), path);
      if (inner !== null && decision.below) {
        const pending = decision.send ? untold : [...untold, path];
        walk(inner, `${path}/`, decision.below, pending);
        if (!decision.send && pending.length === 0) untold.length = 0;
      }
    }
  };
  walk(tree, '', filter.start, []);
  return paths;
}

const tree: Tree = {
  'a.txt': null,
  docs: { 'read.md': null, img: { 'x.png': null } },
  node_modules: { lib: { 'index.js': null, 'keep.md': null } },
  src: { 'main.ts': null, test: { 'main.test.ts': null } },
};

test('without patterns everything is sent', () => {
  expect(new TreeFilter([{}]).empty).toBe(true);
});

test('includes take directories with all that is in them', () => {
  expect(sent(tree, [{ include: ['src', '*.txt'] }])).toEqual([
    'a.txt',
    'src',
    'src/main.ts',
    'src/test',
    'src/test/main.test.ts',
  ]);
});

test('a directory that is only on the way is sent with its first child', () => {
  expect(sent(tree, [{ include: ['**/*.md'] }])).toEqual([
    'docs',
    'docs/read.md',
    'node_modules',
    'node_modules/lib',
    'node_modules/lib/keep.md',
  ]);
});

test('excludes and exceptions', () => {
  expect(sent(tree, [{ exclude: ['node_modules', '!node_modules/lib/*.md', '**/*.png'] }])).toEqual([
    'a.txt',
    'docs',
    'docs/img',
    'docs/read.md',
    'node_modules',
    'node_modules/lib',
    'node_modules/lib/keep.md',
    'src',
    'src/main.ts',
    'src/test',
    'src/test/main.test.ts',
  ]);
});

test('every list has to be passed', () => {
  expect(sent(tree, [{ include: ['src', 'docs'] }, { include: ['src', 'a.txt'], exclude: ['src/test'] }])).toEqual([
    'src',
    'src/main.ts',
  ]);
});

test('directories in which nothing can match are not walked', () => {
  const visited: string[] = [];
  sent(tree, [{ include: ['src/*.ts', 'docs/*/*.png'] }], visited);
  expect(visited.filter((path) => path.startsWith('node_modules/'))).toEqual([]);
  expect(visited.filter((path) => path.startsWith('src/test/'))).toEqual([]);
});

test('patterns are cleaned, and empty ones dropped', () => {
  expect(new PathMatcher([' src/./x/ ', '', '  ']).matches('src/x/y')).toBe(true);
  expect(new PathMatcher(['a//b/../c']).matches('a/c')).toBe(true);
  expect(new PathMatcher(['']).empty).toBe(true);
  // Not stripped here: clients do that when they read an ignore file.
  expect(new PathMatcher(['/src']).matches('src')).toBe(false);
  expect(() => new PathMatcher(['!'])).toThrow('exception to nothing');
});

test('list order decides', () => {
  const list = new PathMatcher(['*', '!a', 'a/b']);
  expect(['a', 'a/b', 'a/c', 'x'].map((path) => list.matches(path))).toEqual([false, true, false, true]);
});

const names = fc.constantFrom('a', 'b', 'c.ts');
const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.dictionary(names, fc.oneof({ depthSize: 'small' }, fc.constant(null), tie('tree')), { maxKeys: 3 }),
})).tree;
const patterns = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.constantFrom('a', 'b', '*', '**', '*.ts', '?', '[ab]', 'c.ts'), { minLength: 1, maxLength: 3 }),
  )
  .map(([exception, parts]) => (exception ? '!' : '') + parts.join('/'));

/** The same decisions with no directory left out: patterns in order, `parent` tells which matched above. */
function oracle(tree: Tree, include: readonly string[], exclude: readonly string[]): string[] {
  const included = include.length > 0 ? new PathMatcher(include) : undefined;
  const excluded = new PathMatcher(exclude);
  const all: string[] = [];
  const walk = (directory: Tree, prefix: string): string[] => {
    const found: string[] = [];
    for (const name of Object.keys(directory).sort()) {
      const path = prefix + name;
      const inner = directory[name] ?? null;
      const own = (included?.matches(path) ?? true) && !excluded.matches(path);
      const below = inner === null ? [] : walk(inner, `${path}/`);
      if (own || below.length > 0) found.push(path, ...below);
    }
    return found;
  };
  all.push(...walk(tree, ''));
  return all;
}

test('leaving directories out changes nothing', () => {
  fc.assert(
    fc.property(
      trees,
      fc.array(patterns, { maxLength: 4 }),
      fc.array(patterns, { maxLength: 4 }),
      (random, include, exclude) => {
        expect(sent(random, [{ include, exclude }])).toEqual(oracle(random, include, exclude));
      },
    ),
    { numRuns: 3000 },
  );
});
