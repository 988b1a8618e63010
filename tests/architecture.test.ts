import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Row {
  readonly folder: string;
  readonly name: string;
  /** Short names of the packages that the table's last column lists. */
  readonly direct: readonly string[];
}

const rows = readTable();
const byShortName = new Map(rows.map((row) => [row.folder.replace(/^\w+\//, ''), row]));

describe('the table of libraries in ARCHITECTURE.md', () => {
  test('lists every package, and only those', () => {
    const folders = ['libs', 'apps'].flatMap((top) => readdirSync(join(root, top)).map((name) => `${top}/${name}`));
    expect(rows.map((row) => row.folder).sort()).toEqual(folders.sort());
  });

  test.each(rows)('$folder is named $name', (row) => {
    expect(readJson(`${row.folder}/package.json`).name).toBe(row.name);
  });

  test.each(rows)('$folder depends only on what the table allows', (row) => {
    const allowed = closure(row);
    const own = Object.keys(dependenciesOf(row)).filter((name) => name.startsWith('@hlb/'));
    expect(own.filter((name) => !allowed.has(name))).toEqual([]);
  });

  test.each(rows)('the project references of $folder are its dependencies', (row) => {
    const references = (readJson(`${row.folder}/tsconfig.json`).references ?? []) as { path: string }[];
    const referenced = references.map((reference) => `@hlb/${reference.path.split('/').at(-1)}`).sort();
    const own = Object.keys(dependenciesOf(row))
      .filter((name) => name.startsWith('@hlb/'))
      .sort();
    expect(referenced).toEqual(own);
  });

  test.each(rows)('the sources of $folder import packages by name, and only those that it declares', (row) => {
    const declared = dependenciesOf(row);
    const bad: string[] = [];
    for (const file of sources(join(root, row.folder, 'src'))) {
      for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
        const place = `${file.slice(root.length + 1)}: ${specifier}`;
        if (specifier.startsWith('.')) {
          const target = join(file, '..', specifier);
          if (!target.startsWith(join(root, row.folder, 'src'))) bad.push(place);
        } else if (specifier.startsWith('@hlb/')) {
          const name = specifier.split('/').slice(0, 2).join('/');
          if (name !== row.name && declared[name] === undefined) bad.push(place);
          if (/\/(src|dist)(\/|$)/.test(specifier)) bad.push(place);
        }
      }
    }
    expect(bad).toEqual([]);
  });

  test('has no cycles', () => {
    for (const row of rows) expect(closure(row).has(row.name)).toBe(false);
  });
});

/** What touches Node's I/O stays in libraries that say so; stages of the compiler ask the port of facts. */
const pure = ['diagnostics', 'names', 'lexer', 'parser', 'checker', 'ir', 'proto', 'llb', 'plan', 'lowering'];
const doors = /^node:(fs|child_process|net|http|https|http2|tls|dgram|dns|cluster)(\/|$)/;

test.each(pure)('libs/%s neither reads files nor starts or calls anything', (name) => {
  const bad: string[] = [];
  for (const file of sources(join(root, 'libs', name, 'src'))) {
    // What writes pages of the docs is run by `npm run generate`; `isIP` reads a text.
    if (file.includes('/src/pages/')) continue;
    const text = readFileSync(file, 'utf8').replace("import { isIP } from 'node:net';", '');
    for (const specifier of importsOf(text)) {
      if (doors.test(specifier)) bad.push(`${file.slice(root.length + 1)}: ${specifier}`);
    }
  }
  expect(bad).toEqual([]);
});

function readTable(): Row[] {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  return [...text.matchAll(/^\| `((?:libs|apps)\/[\w-]+)` \| `([^`]+)` \|[^|]*\|([^|]*)\|$/gm)].map((match) => ({
    folder: match[1] ?? '',
    name: match[2] ?? '',
    direct: (match[3] ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  }));
}

/** The names of all packages that a row may import. */
function closure(row: Row): Set<string> {
  const all = new Set<string>();
  const visit = (short: string): void => {
    const next = byShortName.get(short);
    expect(next, `the table names an unknown library: ${short}`).toBeDefined();
    if (next === undefined || all.has(next.name)) return;
    all.add(next.name);
    for (const further of next.direct) visit(further);
  };
  for (const short of row.direct) visit(short);
  return all;
}

function dependenciesOf(row: Row): Record<string, string> {
  const manifest = readJson(`${row.folder}/package.json`);
  return { ...(manifest.dependencies as object), ...(manifest.devDependencies as object) } as Record<string, string>;
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
}

function* sources(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== 'fixtures') yield* sources(path);
    } else if (name.endsWith('.ts') && !name.endsWith('.test.ts')) yield path;
  }
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}
