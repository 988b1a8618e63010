import type { Facts } from '@hlb/facts';
import { decodeOp, opToJSON } from '@hlb/llb';
import { resolveLater } from '@hlb/plan';
import { describe, expect, test } from 'vitest';
import { compileText, shown } from '../../../../../tests/support/compile-text.js';

type Options = NonNullable<Parameters<typeof compileText>[1]>;

/** What the images of the programs here say. */
const configs: Readonly<Record<string, object>> = {
  'docker.io/library/base:latest': {
    architecture: 'arm64',
    os: 'linux',
    variant: 'v8',
    created: '2024-05-06T07:08:09Z',
    config: { Env: ['WHO=base', '=nameless'], WorkingDir: '/base', User: 'bob', Labels: { a: '1' } },
    history: [{ created: '2024-05-06T07:08:09Z', created_by: 'LABEL a=1', empty_layer: true }],
  },
  'docker.io/library/other:latest': {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['WHO=other'], WorkingDir: 'deep/down' },
  },
};

const host: Partial<Facts> = { imageConfig: async ({ ref }) => ({ config: JSON.stringify(configs[ref] ?? {}) }) };

interface Op {
  readonly exec?: { readonly meta: Meta };
  readonly platform?: object;
}

interface Meta {
  readonly cwd: string;
  readonly env?: readonly string[];
  readonly user?: string;
}

/** The last command of a program, as it is at both levels, and for which platform. */
async function command(text: string, options: Options = {}): Promise<Meta & { readonly platform: unknown }> {
  const { plan, diagnostics } = await compileText(text, { sessionId: 'live', host, ...options });
  const step = plan?.steps.at(-1);
  if (step?.kind !== 'solve') throw new Error(diagnostics.map(shown).join('\n'));
  const { def } = resolveLater(step.definition, new Map());
  const ops = def.map((bytes) => opToJSON(decodeOp(bytes)) as Op);
  const last = ops.findLast((op) => op.exec !== undefined);
  if (last?.exec === undefined) throw new Error('the program has no command');
  const { cwd, env, user } = last.exec.meta;
  return {
    cwd,
    ...(env === undefined ? {} : { env }),
    ...(user === undefined ? {} : { user }),
    platform: last.platform,
  };
}

describe.each(['O0', 'default'] as const)('what commands see at %s', (level) => {
  const meta = (body: string): Promise<object> => command(`fs default() {\n${body}\n}`, { level });

  test('a directory is as it is written where it is absolute, else below that of the image config', async () => {
    expect(await meta('image "base"; dir "/app/"; run "x"')).toMatchObject({ cwd: '/app/' });
    expect(await meta('image "base"; dir "/a/../b"; dir "c/"; run "x"')).toMatchObject({ cwd: '/b/c' });
    expect(await meta('image "base"; run "x" with dir("/q/./")')).toMatchObject({ cwd: '/q/./' });
    expect(await meta('image "other"; run "x"')).toMatchObject({ cwd: '/deep/down' });
  });

  test('a variable without a name is none', async () => {
    expect(await meta('image "base"; run "x"')).toMatchObject({ env: ['WHO=base'] });
  });

  test('after a difference they see what those on its base do, under the user that the config says', async () => {
    const changed = 'image "other"; env "MINE" "1"; user "eve"; diff fs { image "base"; user "ann"; }; run "x"';
    expect(await meta(changed)).toMatchObject({
      env: ['WHO=base'],
      cwd: '/base',
      user: 'eve',
      platform: { Architecture: 'arm64', Variant: 'v8' },
    });
    expect(await meta('image "other"; diff fs { image "base"; user "ann"; }; run "x"')).toMatchObject({ user: 'ann' });
    expect(await meta('image "other"; diff scratch; run "x"')).toMatchObject({ env: ['WHO=other'] });
    expect(await meta('scratch; env "MINE" "1"; diff scratch; run "x"')).not.toHaveProperty('env');
  });

  test('after a merge they see what those on the first that is not empty do', async () => {
    expect(await meta('image "other"; merge fs { image "base"; }; run "x"')).toMatchObject({ env: ['WHO=other'] });
    const onNothing = 'scratch; env "MINE" "1"; dir "/mine"; merge scratch fs { image "base"; }; run "x"';
    expect(await meta(onNothing)).toMatchObject({ env: ['WHO=base'], cwd: '/base' });
    expect(await meta(onNothing)).not.toHaveProperty('user');
  });
});

test('at -O0 a bound mount takes nothing over but the config: the platform is that of the build', async () => {
  const program = `
fs made() { image "other"; run "x" with option { mount fs { image "base"; } "/m" as bound; }; }
fs default() { bound; run "plain"; dir "sub"; run "y"; }`;
  expect(await command(program, { level: 'O0' })).toMatchObject({
    cwd: '/base/sub',
    user: 'bob',
    platform: { Architecture: 'amd64' },
  });
});

test('a label is added to the last entry of the history that is one, whoever made that', async () => {
  const { plan } = await compileText('fs default() { image "base"; label "b" "2"; dockerPush "acme/x"; }', { host });
  const push = plan?.steps.flatMap((step) => (step.kind === 'output' ? step.outputs : []))[0];
  if (push?.kind !== 'push') throw new Error('nothing is pushed');
  expect(JSON.parse(resolveLater(push.config, new Map()))).toMatchObject({
    created: '2024-05-06T07:08:09Z',
    history: [{ created: '2024-05-06T07:08:09Z', created_by: 'LABEL a=1 b=2', empty_layer: true }],
  });
});
