import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pace } from '../pace.js';
import { PathMatcher } from './path-matcher.js';
import { type DirectoryState, type PatternLists, TreeFilter } from './tree-filter.js';

/** A tree as nested objects; files are null. */
interface Tree {
  readonly [name: string]: Tree | null;
}

/** What a walk sends, parents before children, as the transfer does it. */
async function sent(tree: Tree, lists: readonly PatternLists[], visited: string[] = []): Promise<string[]> {
  const filter = await TreeFilter.compile(lists, new Pace());
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

const matcher = (...patterns: string[]): Promise<PathMatcher> => PathMatcher.compile(patterns, new Pace());

const tree: Tree = {
  'a.txt': null,
  docs: { 'read.md': null, img: { 'x.png': null } },
  node_modules: { lib: { 'index.js': null, 'keep.md': null } },
  src: { 'main.ts': null, test: { 'main.test.ts': null } },
};

test('without patterns everything is sent', async () => {
  expect((await TreeFilter.compile([{}], new Pace())).empty).toBe(true);
});

test('includes take directories with all that is in them', async () => {
  expect(await sent(tree, [{ include: ['src', '*.txt'] }])).toEqual([
    'a.txt',
    'src',
    'src/main.ts',
    'src/test',
    'src/test/main.test.ts',
  ]);
});

test('a directory that is only on the way is sent with its first child', async () => {
  expect(await sent(tree, [{ include: ['**/*.md'] }])).toEqual([
    'docs',
    'docs/read.md',
    'node_modules',
    'node_modules/lib',
    'node_modules/lib/keep.md',
  ]);
});

test('excludes and exceptions', async () => {
  expect(await sent(tree, [{ exclude: ['node_modules', '!node_modules/lib/*.md', '**/*.png'] }])).toEqual([
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

test('every list has to be passed', async () => {
  expect(
    await sent(tree, [{ include: ['src', 'docs'] }, { include: ['src', 'a.txt'], exclude: ['src/test'] }]),
  ).toEqual(['src', 'src/main.ts']);
});

test('directories in which nothing can match are not walked', async () => {
  const visited: string[] = [];
  await sent(tree, [{ include: ['src/*.ts', 'docs/*/*.png'] }], visited);
  expect(visited.filter((path) => path.startsWith('node_modules/'))).toEqual([]);
  expect(visited.filter((path) => path.startsWith('src/test/'))).toEqual([]);
});

test('patterns are cleaned, and empty ones dropped', async () => {
  expect((await matcher(' src/./x/ ', '', '  ')).matches('src/x/y')).toBe(true);
  expect((await matcher('a//b/../c')).matches('a/c')).toBe(true);
  expect((await matcher('')).empty).toBe(true);
  // Not stripped here: clients do that when they read an ignore file.
  expect((await matcher('/src')).matches('src')).toBe(false);
  await expect(matcher('!')).rejects.toThrow('exception to nothing');
});

test('list order decides', async () => {
  const list = await matcher('*', '!a', 'a/b');
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
async function oracle(tree: Tree, include: readonly string[], exclude: readonly string[]): Promise<string[]> {
  const included = include.length > 0 ? await matcher(...include) : undefined;
  const excluded = await matcher(...exclude);
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

test('leaving directories out changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      trees,
      fc.array(patterns, { maxLength: 4 }),
      fc.array(patterns, { maxLength: 4 }),
      async (random, include, exclude) => {
        expect(await sent(random, [{ include, exclude }])).toEqual(await oracle(random, include, exclude));
      },
    ),
    { numRuns: 3000 },
  );
});
