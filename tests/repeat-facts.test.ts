import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Builtin, builtins } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import { type EngineFacts, hostFacts, joinFacts, recordFacts, type StepFacts } from '@hlb/facts';
import { file, marshal } from '@hlb/llb';
import { dumpLlb, type Level } from '@hlb/lowering';
import { compileWithModules } from '@hlb/modules';
import { expect, onTestFinished, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';

// What a compile was told can be told again elsewhere: without the files, the engine and the network.

const digest = `sha256:${'5'.repeat(64)}`;
const platform = { os: 'linux', architecture: 'amd64' };

/** An engine and registries that know everything. */
const engine: EngineFacts = {
  imageConfig: async ({ platform: wanted = '' }) => ({
    digest,
    config: JSON.stringify({
      os: 'linux',
      architecture: wanted.split('/')[1],
      config: { Env: ['A=1'], WorkingDir: '/w' },
    }),
  }),
  manifest: async ({ ref }) => ({ digest, manifest: `{"layers":[],"of":"${ref}"}`, config: '{"c":1}' }),
};
const made = file({
  base: undefined,
  actions: [{ kind: 'mkfile', path: '/made', mode: 0o644, data: Buffer.from('m') }],
});
const steps: StepFacts = {
  frontend: async () => ({ def: marshal(made, { platform }).def, config: '{"config":{"Env":["F=1"]}}' }),
  pushDigest: async () => digest,
  moduleFile: async () => 'export made\nfs made() {\n\tscratch\n\tmkfile "/m" 0o644 "from elsewhere"\n}\n',
};

const files = {
  'src/a': 'a',
  'src/deep/b.txt': 'b',
  key: 'secret',
  'keys/one': '1',
  'keys/two': '2',
  'home/.ssh/known_hosts': 'git.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==\n',
  'home/note': 'n',
  'lib/kit.hlb':
    'import more from "../lib/more%20kit.hlb"\nexport made\nfs made() {\n\tmore.made\n\tcopy local("data") "/" "/"\n}\n',
  'lib/more kit.hlb': 'export made\nfs made() {\n\tscratch\n\tmkfile "/k" 0o644 "kit"\n}\n',
  'lib/data/d': 'd',
};

/** Programs of all builtins that ask, with the keys of the facts that they leave; `%` is the folder's socket. */
const asking: Readonly<Record<string, readonly [program: string, ...keys: string[]]>> = {
  'fs image': ['fs default() {\n\timage "alpine"\n\trun "pwd"\n}', 'images'],
  'option::image platform': [
    'fs default() {\n\timage "alpine" with option { platform "linux" "arm64"; }\n\trun "pwd"\n}',
    'images',
  ],
  'fs git': ['fs default() {\n\tgit "ssh://git@git.example.org/a/b" "main"\n}', 'knownHosts'],
  'fs local': [
    'fs default() {\n\tlocal "src" with option { excludePatterns "*.txt"; }\n}',
    'paths',
    'hardwareAddress',
    'changes',
  ],
  'fs frontend': [
    'fs default() {\n\tfrontend "acme/f" with option { input "src" local("src"); opt "a" "b"; }\n}',
    'frontends',
  ],
  'option::frontend input': [
    'fs default() {\n\tfrontend "acme/f" with option { input "x" image("a"); }\n}',
    'frontends',
  ],
  'option::run secret': [
    'fs default() {\n\timage "a"\n\trun "x" with option { secret "keys" "/keys"; secret "key" "/key"; secret "~/note" "/n"; }\n}',
    'paths',
    'files',
  ],
  'option::secret includePatterns': [
    'fs default() {\n\timage "a"\n\trun "x" with option { secret "keys" "/k" with option { includePatterns "one"; }; }\n}',
    'files',
  ],
  'option::run forward': [
    'fs default() {\n\timage "a"\n\trun "x" with option { forward "unix://%" "/s"; }\n}',
    'paths',
  ],
  'fs dockerPush': [
    'fs default() {\n\timage "a"\n\tdockerPush "acme/p" as (digest d)\n}\nfs other() { scratch; mkfile "/d" 0o644 d; }',
    'pushDigest',
  ],
  'option::dockerPush stargz': [
    'fs default() {\n\timage "a"\n\tdockerPush "acme/p" with option { stargz; }\n}',
    'registry',
  ],
  'string localEnv': ['fs default() {\n\tscratch\n\tmkfile "/x" 0o644 localEnv("KEY")\n}', 'env'],
  'string localCwd': ['fs default() {\n\tscratch\n\tmkfile "/x" 0o644 localCwd\n}', 'cwd'],
  'string localOs': ['fs default() {\n\tscratch\n\tmkfile "/x" 0o644 localOs\n}', 'os'],
  'string localArch': ['fs default() {\n\tscratch\n\tmkfile "/x" 0o644 localArch\n}', 'arch'],
  'string localRun': ['fs default() {\n\tscratch\n\tmkfile "/x" 0o644 localRun("cat key; echo $KEY")\n}', 'commands'],
  'string manifest': ['fs default() {\n\tscratch\n\tmkfile "/x" 0o644 manifest("acme/m")\n}', 'registry'],
};

/** What asks by other ways. */
const others: Readonly<Record<string, readonly [program: string, ...keys: string[]]>> = {
  'an import of a file, which imports another': [
    'import kit from "lib/kit.hlb"\nfs default() {\n\tkit.made\n}',
    'modules',
  ],
  'an import whose file is named by a command': [
    'import kit from where\nstring where() { localRun "echo ./lib/kit.hlb"; }\nfs default() {\n\tkit.made\n}',
    'modules',
    'commands',
  ],
  'an import from git': [
    'import kit from "git://git.example.org/a/kit@main"\nfs default() {\n\tkit.made\n}',
    'modules',
  ],
  'an import that is built': ['import kit from image("acme/kit")\nfs default() {\n\tkit.made\n}', 'modules'],
  'what waits for a push': [
    'fs p() { scratch; dockerPush "acme/p" as (digest d); }\nfs default() {\n\timage "acme/p@${d}"\n\trun "echo ${localRun("cat key; echo ${d}")}"\n\tmkfile "/m" 0o644 manifest("acme/p@${d}")\n}',
    'pushDigest',
    'commands',
    'images',
    'registry',
  ],
};

/** Compiles as a command would, in a folder with everything. */
async function dumped(
  cwd: string,
  text: string,
  level: Level,
): Promise<{ json: string; facts: object; keys: Set<string> }> {
  const environment = new Map([
    ['KEY', 'value'],
    ['PATH', process.env['PATH'] ?? ''],
  ]);
  const host = hostFacts({ cwd, home: join(cwd, 'home'), environment, os: 'linux', arch: 'amd64' });
  const recording = recordFacts(joinFacts(host, engine, steps));
  const { facts } = recording;
  const { plan, diagnostics } = await compileWithModules(sourceFile('build.hlb', text), {
    ...{ path: 'build.hlb', facts, platform: 'linux/amd64', level },
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (plan === undefined) throw new Error(errors.join('\n'));
  const json = JSON.stringify(await dumpLlb(plan, { cwd: await facts.cwd(), facts }));
  const recorded = recording.toJSON();
  return { json: `${json}\n`, facts: recorded, keys: new Set(Object.keys(recorded)) };
}

/** A folder with all that is asked for, and the path of a socket in it. */
async function fullFolder(): Promise<{ cwd: string; socket: string }> {
  const cwd = await folderWith(files);
  const socket = join(cwd, 'agent.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  return { cwd, socket };
}

test.each([...Object.entries(asking), ...Object.entries(others)])('%s', async (_, [program, ...keys]) => {
  const left = new Set<string>();
  for (const level of ['O0', 'default'] as const) {
    const { cwd, socket } = await fullFolder();
    const text = program.replace('%', socket);
    const first = await dumped(cwd, text, level);
    for (const key of first.keys) left.add(key);
    rmSync(cwd, { recursive: true });
    const elsewhere = await folderWith({ 'build.hlb': text, 'facts.json': JSON.stringify(first.facts) });
    const flags = ['--platform', 'linux/amd64', '--facts', 'facts.json', ...(level === 'O0' ? ['-O0'] : [])];
    const again = await cli(['dump', '--stage', 'llb', '--json', ...flags], { cwd: elsewhere, env: {} });
    expect(again).toEqual({ code: 0, stdout: first.json, stderr: '' });
  }
  expect([...left]).toEqual(expect.arrayContaining(keys));
});

const values: Readonly<Record<string, string>> = {
  'image-reference': '"alpine"',
  digest: `"${digest}"`,
  time: '"2020-01-02T03:04:05Z"',
  'ip-address': '"10.0.0.1"',
  'http-url': '"https://example.org/x"',
  'forward-url': '"tcp://example.org:80"',
  'network-mode': '"none"',
  'security-mode': '"sandbox"',
  'sharing-mode': '"shared"',
};

/** Values of parameters, by their names, where not every text will do. */
const named: Readonly<Record<string, string>> = { localPath: '"key"', path: '"src"', command: '"true"' };

/** A call of a builtin with values that fit. */
function callOf({ name, params }: Builtin, options = ''): string {
  const args = params.map(({ name: param, type, format }) => {
    if (type === 'fs') return 'scratch';
    if (type === 'int') return '1';
    if (type === 'pipeline') return 'fs { scratch; }';
    return (format === undefined ? named[param] : values[format]) ?? '"x"';
  });
  return `${[name, ...args].join(' ')}${options === '' ? '' : ` with option { ${options}; }`}`;
}

/** The call in which an option stands, with it; and what the calls around it ask for themselves, which is no matter of the option. */
function inside(row: Builtin): { readonly outer: Builtin; readonly call: string; readonly around: readonly string[] } {
  let [outer, call] = [row, callOf(row)];
  const around: string[] = [];
  while (outer.kind.startsWith('option::')) {
    const { kind } = outer;
    const callee = builtins.find(({ options }) => options === kind);
    if (callee === undefined) throw new Error(`nothing takes ${kind}`);
    [outer, call] = [callee, callOf(callee, call)];
    around.push(...(asking[`${callee.kind} ${callee.name}`]?.slice(1) ?? []));
  }
  return { outer, call, around };
}

function programOf({ outer, call }: ReturnType<typeof inside>): string {
  if (outer.kind === 'pipeline') return `pipeline default() { ${call}; }`;
  if (outer.kind === 'fs') return `fs default() { scratch; ${call}; }`;
  return `string text() { ${call}; }\nfs default() { scratch; mkfile "/x" 0o644 text; }`;
}

test('every other builtin asks for nothing', async () => {
  const { cwd } = await fullFolder();
  const keys = async (text: string): Promise<Set<string>> => (await dumped(cwd, text, 'O0')).keys;
  const always = await keys('fs default() { scratch; mkfile "/x" 0o644 "x"; }');
  const rest = builtins.filter(({ kind, name }) => name !== 'shell' && asking[`${kind} ${name}`] === undefined);
  const found: string[] = [];
  for (const row of rest) {
    const place = inside(row);
    const asked = await keys(programOf(place)).catch((error: Error) => [`failed: ${error.message}`]);
    const more = [...asked].filter((key) => !always.has(key) && !place.around.includes(key));
    if (more.length > 0) found.push(`${row.kind} ${row.name}: ${more.join(', ')}`);
  }
  expect(found).toEqual([]);
});
