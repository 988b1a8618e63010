import { VERSION } from '../version.js';

/** The version of `@hlb/ir`; all packages of the project have one version. */
const irVersion = VERSION.replace(/-.*$/, '');

/**
 * The files of a new package with a pass, by their paths.
 *
 * @param packageName As npm takes it: `@acme/default-tag`.
 * @param passName In kebab-case.
 */
export function passTemplate(packageName: string, passName: string): ReadonlyMap<string, string> {
  return new Map([
    ['package.json', manifest(packageName)],
    ['tsconfig.json', compilerOptions],
    ['.gitignore', 'node_modules/\ndist/\n'],
    ['README.md', readme(packageName, passName)],
    ['src/index.ts', source(passName)],
    ['src/index.test.ts', testSource],
  ]);
}

function manifest(name: string): string {
  return json({
    name,
    version: '0.1.0',
    description: 'A pass for HLB',
    type: 'module',
    engines: { node: '>=20' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', '!dist/*.test.*'],
    scripts: { build: 'tsc', test: 'tsc && node --test dist/', prepack: 'tsc' },
    keywords: ['hlb', 'buildkit'],
    peerDependencies: { '@hlb/ir': `^${irVersion}` },
    devDependencies: {
      '@hlb/ir': `^${irVersion}`,
      '@types/node': '^20.0.0',
      'fast-check': '^4.0.0',
      typescript: '^7.0.0',
    },
  });
}

const compilerOptions = json({
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
    declaration: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
  },
  include: ['src'],
});

function source(passName: string): string {
  return `import { definePass, passOptions, placeOf, rebuild } from '@hlb/ir';

/**
 * Needs: nothing, but stands after the texts that can be known are.
 *
 * Ensures: every image whose name is known has a tag or a digest.
 *
 * Reports: each image that had none, and how many. It changes the digests of what is built from them.
 */
export default definePass({
  name: '${passName}',
  doc: 'Gives images without a tag one',
  options: passOptions({
    tag: { type: 'string', default: 'latest', doc: 'the tag' },
  }),
  after: ['fold-strings'],
  idempotent: true,
  run(module, ctx) {
    let untagged = 0;
    const result = rebuild(module, (op) => {
      if (op.kind !== 'image' || typeof op.ref.text !== 'string' || hasTag(op.ref.text)) return op;
      untagged += 1;
      const text = \`\${op.ref.text}:\${ctx.options.tag}\`;
      ctx.report({ severity: 'info', message: \`\${op.ref.text} has no tag: \${text} is used\`, ...placeOf(op, op.ref) });
      return { ...op, ref: { ...op.ref, text } };
    });
    ctx.stat('images without a tag', untagged, 0);
    return result;
  },
});

/** Whether a name ends in a tag or a digest; a colon before the last slash belongs to a port. */
function hasTag(name: string): boolean {
  return name.includes('@') || name.slice(name.lastIndexOf('/') + 1).includes(':');
}
`;
}

const testSource = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import pass from './index.js';

test('tags images that have no tag', async () => {
  const { text, diagnostics, stats } = await applyPass(
    pass,
    \`
    %0 = image "alpine"
    %1 = image "registry:5000/base"
    %2 = image "alpine:3.20"
    \`,
    { passOptions: { tag: 'stable' } },
  );
  assert.equal(
    text,
    formatIr(\`
    %0 = image "alpine:stable"
    %1 = image "registry:5000/base:stable"
    %2 = image "alpine:3.20"
    \`),
  );
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['alpine has no tag: alpine:stable is used', 'registry:5000/base has no tag: registry:5000/base:stable is used'],
  );
  assert.deepEqual(stats, [{ name: 'images without a tag', before: 2, after: 0 }]);
});

test('does to random modules only what a pass may do', () => checkPass(pass));
`;

function readme(packageName: string, passName: string): string {
  return `# ${packageName}

A pass for HLB: gives images without a tag one.

\`\`\`sh
npm install --save-dev ${packageName}
hlb run --pass '${packageName}:{"tag": "stable"}'
\`\`\`

or for every build, in \`hlb.config.json\`:

\`\`\`json
{ "passes": [{ "pass": "${packageName}", "options": { "tag": "stable" } }] }
\`\`\`

| option | default | |
|---|---|---|
| \`tag\` | \`latest\` | the tag |

## Working on it

\`\`\`sh
npm install && npm test
hlb passes --pass .                                             # where ${passName} stands
hlb dump build.hlb --stage ir --pass . --after ${passName}      # what it makes of a program
\`\`\`
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
