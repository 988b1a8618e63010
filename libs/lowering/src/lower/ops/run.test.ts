import type { Facts } from '@hlb/facts';
import { decodeOp, opToJSON } from '@hlb/llb';
import { resolveLater, type Step } from '@hlb/plan';
import { describe, expect, test } from 'vitest';
import { compileText, shown } from '../../../../../tests/support/compile-text.js';

type Options = Parameters<typeof compileText>[1];

async function solved(text: string, options: Options = {}): Promise<{ step: Step; ops: readonly Op[] }> {
  const { plan, diagnostics } = await compileText(text, { sessionId: 'live', ...options });
  const step = plan?.steps.at(-1);
  if (step === undefined || step.kind === 'frontend' || step.kind === 'fact')
    throw new Error(diagnostics.map(shown).join('\n'));
  const definition = resolveLater(step.definition, new Map());
  return { step, ops: definition.def.map((bytes) => opToJSON(decodeOp(bytes)) as Op) };
}

interface Op {
  readonly exec?: {
    readonly meta: { readonly env?: readonly string[]; readonly extraHosts?: readonly { readonly IP: string }[] };
    readonly mounts: readonly object[];
  };
  readonly file?: { readonly actions: readonly object[] };
}

function run(options: string): string {
  return `fs default() { image "busybox"; run "x" with option { ${options} }; }`;
}

describe('sockets', () => {
  test('SSH_AUTH_SOCK is an agent, not what is forwarded; the reference takes the first socket', async () => {
    const program = run('forward "tcp://h:1" "/run/f"; ssh;');
    const env = async (options: Options): Promise<unknown> =>
      (await solved(program, options)).ops.at(-2)?.exec?.meta.env;
    expect(await env({})).toEqual(['SSH_AUTH_SOCK=/run/buildkit/ssh_agent.1']);
    expect(await env({ level: 'O0' })).toEqual(['SSH_AUTH_SOCK=/run/f']);
  });

  test('a relative unix socket is beside the module; the reference reads a host and an absolute path', async () => {
    const agents = async (options: Options): Promise<unknown> =>
      (await solved(run('forward "unix://./up.sock" "/run/f";'), options)).step.session.agents.map(
        ({ source }) => source,
      );
    expect(await agents({})).toEqual([{ kind: 'forward', url: 'unix:///work/up.sock' }]);
    expect(await agents({ level: 'O0' })).toEqual([{ kind: 'forward', url: 'unix:///up.sock' }]);
  });

  test('other schemes, and sockets whose directory is missing, are refused', async () => {
    const messages = async (url: string, kind: 'directory' | 'missing'): Promise<readonly string[]> => {
      const host = { path: async (path: string) => ({ kind, realPath: path }) };
      return (await compileText(run(`forward "${url}" "/f";`), { host, sessionId: 's' })).diagnostics.map(shown);
    };
    expect(await messages('udp://h:1', 'directory')).toEqual([
      "HLB0517 1:63 udp can't be forwarded: expected unix or tcp",
    ]);
    expect(await messages('/tmp/sock', 'directory')).toEqual(['HLB0517 1:63 "/tmp/sock" is no URL of what to forward']);
    expect(await messages('unix:///tmp/sock', 'missing')).toEqual([
      'HLB0517 1:63 there is no directory /tmp, in which the socket is to be',
    ]);
  });
});

describe('read-only mounts', () => {
  test('get mount points for what is mounted below them, sockets included', async () => {
    const { ops } = await solved(
      run(`mount fs { http "https://e/x"; } "/src" with readonly
		mount scratch "/src/out"
		mount scratch "/srcfoo"
		ssh with target("/src/run/agent")`),
    );
    const made = ops.flatMap((op) => op.file?.actions ?? []);
    expect(made).toMatchObject([
      { mkdir: { path: '/run' } },
      { mkfile: { path: '/run/agent' } },
      { mkdir: { path: '/out' } },
    ]);
  });

  test('the reference compares places as texts, and leaves sockets out', async () => {
    const { ops } = await solved(
      run(`mount fs { http "https://e/x"; } "/src" with readonly
		mount scratch "/srcfoo"
		ssh with target("/src/agent")`),
      { level: 'O0' },
    );
    expect(ops.flatMap((op) => op.file?.actions ?? [])).toMatchObject([{ mkdir: { path: '/srcfoo' } }]);
  });
});

describe('read-only mounts at -O0', () => {
  const made = async (options: string): Promise<unknown> =>
    (await solved(run(options), { level: 'O0', host: secretFiles })).ops.flatMap((op) => op.file?.actions ?? []);

  test('get mount points from the working directory of what is mounted', async () => {
    const given =
      'mount fs { image "b"; dir "/w"; } "/src" with readonly; secret "k" "/src/s/key"; mount scratch "/src/out";';
    expect(await made(given)).toMatchObject([
      { mkdir: { path: '/w/out' } },
      { mkdir: { path: '/s' } },
      { mkfile: { path: '/w/s/key' } },
    ]);
  });

  test('get no directory for a mount that others were made in, and one for all secrets beside each other', async () => {
    const given = `mount fs { image "b"; } "/a" with readonly
		secret "k" "/a/s/one"
		mount fs { image "c"; } "/a/b" with readonly
		mount scratch "/a/b/c"
		secret "k" "/a/s/two"`;
    expect(await made(given)).toMatchObject([
      { mkdir: { path: '/s' } },
      { mkfile: { path: '/s/two' } },
      { mkfile: { path: '/s/one' } },
      { mkdir: { path: '/c' } },
    ]);
  });
});

const secretFiles: Partial<Facts> = { path: async (path) => ({ kind: 'file', realPath: path }) };

test('addresses of further hosts are written in their short form', async () => {
  const given = ['1.2.3.4', '2001:DB8:0:0::1', '::FFFF:1.2.3.4', 'fe80::0:1'];
  const { ops } = await solved(run(given.map((address) => `host "h" "${address}";`).join(' ')));
  expect(ops.at(-2)?.exec?.meta.extraHosts?.map(({ IP }) => IP)).toEqual([
    '1.2.3.4',
    '2001:db8::1',
    '1.2.3.4',
    'fe80::1',
  ]);
});

test.each([
  ['fs default() { image "busybox"; run "a \'b" with shlex; }', 'HLB0523', '"a \'b"'],
  ['fs default() { image "busybox"; run "" with shlex; }', 'HLB0523', '""'],
  ['fs default() { local "~other/x"; }', 'HLB0515', '"~other/x"'],
  ['fs default() { scratch; download "~other/x"; }', 'HLB0515', '"~other/x"'],
])(
  'what the reference has no argument for is shown at the call, with its argument beside: %s',
  async (text, code, given) => {
    const { diagnostics } = await compileText(text, { sessionId: 's' });
    expect(diagnostics.map((found) => found.code)).toEqual([code]);
    const part = (primary: boolean): readonly string[] =>
      (diagnostics[0]?.labels ?? [])
        .filter((label) => label.primary === primary)
        .map(({ span }) => span.file.text.slice(span.start, span.end));
    expect(part(true)).toEqual([/(run|local|download) "/.exec(text)?.[1]]);
    expect(part(false)).toEqual([given]);
  },
);

describe('secrets', () => {
  test('stand at clean places', async () => {
    const { ops } = await solved(run('secret "k" "/run//s/../key/"; secret "k" "rel";'), { host: secretFiles });
    expect(ops.at(-2)?.exec?.mounts.slice(1)).toMatchObject([{ dest: '/run/key' }, { dest: 'rel' }]);
  });

  const host: NonNullable<Options>['host'] = {
    path: async (path) => ({ kind: path.endsWith('creds') ? 'directory' : 'file', realPath: `/real${path}` }),
    files: async () => ['a.key', 'b.txt', 'sub/c.key'],
  };

  test('are the files of a directory that its patterns take, by the paths that the program names', async () => {
    const { step, ops } = await solved(
      run('secret "creds" "/run/s" with option { includePatterns "**/*.key"; excludePatterns "sub"; mode 0o440; };'),
      { host },
    );
    expect(step.session.secrets.map(({ path }) => path)).toEqual(['/real/work/creds/a.key']);
    expect(ops.at(-2)?.exec?.mounts.at(-1)).toMatchObject({
      dest: '/run/s/a.key',
      secretOpt: { mode: 0o440, ID: step.session.secrets[0]?.id },
    });
  });

  test('a path of the home directory starts there', async () => {
    const { step } = await solved(run('secret "~/t" "/run/s";'), { host });
    expect(step.session.secrets.map(({ path }) => path)).toEqual(['/real/home/me/t']);
  });

  test('what is neither file nor directory, and what can not be listed, is told of', async () => {
    const socket = { path: async (path: string) => ({ kind: 'socket' as const, realPath: path }) };
    const locked = {
      ...host,
      files: async (): Promise<never> => {
        throw new Error('creds can not be read');
      },
    };
    const messages = async (path: string, from: typeof host): Promise<readonly string[]> =>
      (await compileText(run(`secret "${path}" "/s";`), { host: from, sessionId: 's' })).diagnostics.map(shown);
    expect(await messages('t', socket)).toEqual(['HLB0516 1:55 the secret t is neither a file nor a directory']);
    expect(await messages('creds', locked)).toEqual(['HLB0532 1:62 creds can not be read']);
  });
});

describe('mounts', () => {
  test('a bound mount hands on what its config says above -O0', async () => {
    const config = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Env: ['A=1'], WorkingDir: '/w' } });
    const host = { imageConfig: async () => ({ config }) };
    const program = `
fs made() { image "a"; run "x" with option { mount fs { image "b"; } "/m" as bound; }; }
fs default() { bound; run "y"; }`;
    const cwd = async (options: Options): Promise<unknown> => (await solved(program, options)).ops.at(-2)?.exec?.meta;
    expect(await cwd({ host })).toMatchObject({ cwd: '/w', env: ['A=1'] });
    expect(await cwd({ host, level: 'O0' })).not.toMatchObject({ cwd: '/w' });
  });

  test('host and insecure are granted to the program itself', async () => {
    const { step } = await solved(run('network "host"; security "insecure";'));
    expect(step.entitlements).toEqual(['network.host', 'security.insecure']);
  });

  test('ids and modes have 32 bits', async () => {
    const { diagnostics } = await compileText(run('ssh with uid(4294967296);'), { sessionId: 's' });
    expect(diagnostics.map(shown)).toEqual(['HLB0529 1:55 4294967296 is out of range for a user id: 0 to 4294967295']);
  });
});
