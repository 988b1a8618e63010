import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Index {
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform: { readonly os: string; readonly architecture: string };
  }[];
}

async function run(text: string, target: string, ...args: readonly string[]) {
  const cwd = await folderWith({ 'build.hlb': text, 'src/data': 'data' });
  const flags = ['--log-output', 'plain', '-t', target, ...args];
  const result = await cli(['--engine', testEngine().address, 'run', ...flags], { cwd });
  return { cwd, ...result };
}

/** What a registry has, as JSON. */
async function fromRegistry(name: string, kind: 'manifests' | 'blobs', ref: string): Promise<unknown> {
  const response = await fetch(`http://${testEngine().registry}/v2/${name}/${kind}/${ref}`, { headers: { accept } });
  expect(response.status).toBe(200);
  return response.json();
}

const both = ['--platform', 'linux/amd64,linux/arm64'];

test('one push for several platforms is an index, with a config for each', async () => {
  const name = `platforms-${Date.now()}`;
  const program = `fs app() {\n\tscratch\n\tcopy local("src") "/" "/"\n\tentrypoint "/data"\n\tdockerPush "${testEngine().registry}/${name}:1" as digest\n}\nstring t() {\n\t"\${digest}"\n}\n`;
  const { code, stdout, stderr } = await run(program, 't', ...both);
  expect(code, stderr).toBe(0);
  const index = (await fromRegistry(name, 'manifests', '1')) as Index;
  expect(index.manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`)).toEqual([
    'linux/amd64',
    'linux/arm64',
  ]);
  for (const { digest, platform } of index.manifests) {
    const manifest = (await fromRegistry(name, 'manifests', digest)) as { config: { digest: string } };
    const config = await fromRegistry(name, 'blobs', manifest.config.digest);
    expect(config).toMatchObject({ architecture: platform.architecture, config: { Entrypoint: ['/data'] } });
  }
  const head = await fetch(`http://${testEngine().registry}/v2/${name}/manifests/1`, { headers: { accept } });
  expect(stdout).toBe(`${head.headers.get('docker-content-digest')}\n`);
});

test('an OCI archive has the index; downloads have a folder for each platform', async () => {
  const program =
    'fs t() {\n\tscratch\n\tmkfile "/file" 0o644 "x"\n\tdownloadOCITarball "image.tar"\n\tdownload "out"\n\tdownloadTarball "fs.tar"\n}\n';
  const { cwd, code, stderr } = await run(program, 't', ...both);
  expect(code, stderr).toBe(0);
  const member = (name: string): unknown =>
    JSON.parse(execFileSync('tar', ['-xOf', join(cwd, 'image.tar'), name], { encoding: 'utf8' }));
  const outer = member('index.json') as { manifests: { digest: string }[] };
  const index = member(`blobs/${outer.manifests[0]?.digest.replace(':', '/')}`) as Index;
  expect(index.manifests).toHaveLength(2);
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['linux_amd64', 'linux_arm64']);
  expect(readFileSync(join(cwd, 'out/linux_arm64/file'), 'utf8')).toBe('x');
  const listing = execFileSync('tar', ['-tf', join(cwd, 'fs.tar')], { encoding: 'utf8' });
  expect(listing).toMatch(/linux_amd64\/file[\s\S]*linux_arm64\/file/);
});

test('one platform stays as it is: no index, no folder', async () => {
  const program = 'fs t() {\n\tscratch\n\tmkfile "/file" 0o644 "x"\n\tdownload "out"\n}\n';
  const { cwd, code } = await run(program, 't', '--platform', 'linux/amd64');
  expect(code).toBe(0);
  expect(readdirSync(join(cwd, 'out'))).toEqual(['file']);
});

test('a frontend makes its result for each platform', async () => {
  const name = `frontend-platforms-${Date.now()}`;
  const text = `fs t() {\n\tfrontend "dockerfile.v0" with option {\n\t\tinput "context" local("ctx")\n\t\tinput "dockerfile" local("ctx")\n\t\topt "platform" arch\n\t}\n\tdockerPush "${testEngine().registry}/${name}:1"\n}\nstring arch() {\n\t"linux/amd64"\n}\n`;
  const cwd = await folderWith({ 'build.hlb': text, 'ctx/Dockerfile': 'FROM scratch\nCOPY Dockerfile /file\n' });
  const args = ['--engine', testEngine().address, 'run', '--log-output', 'plain', '-t', 't', ...both];
  const { code, stderr } = await cli(args, { cwd });
  expect(code, stderr).toBe(0);
  expect(((await fromRegistry(name, 'manifests', '1')) as Index).manifests).toHaveLength(2);
});

test('a command of this host runs once for all platforms, as often as the program says', async () => {
  const program = `
string counted() {
	localRun "echo run >>runs; wc -l <runs"
}
string other(string name) {
	localRun "echo \${name} >>runs; wc -l <runs"
}
fs t() {
	scratch
	mkfile "/first" 0o644 counted
	mkfile "/second" 0o644 other("again")
	download "out"
}
`;
  const { cwd, code, stderr } = await run(program, 't', ...both);
  expect(code, stderr).toBe(0);
  expect(readFileSync(join(cwd, 'runs'), 'utf8')).toBe('run\nagain\n');
  const read = (platform: string): readonly string[] =>
    ['first', 'second'].map((name) => readFileSync(join(cwd, 'out', platform, name), 'utf8').trim());
  expect(read('linux_amd64')).toEqual(['1', '2']);
  expect(read('linux_arm64')).toEqual(['1', '2']);
});

test('a Docker archive of several platforms is refused before anything is built', async () => {
  const program = 'fs t() {\n\tscratch\n\tmkfile "/f" 0o644 "x"\n\tdownloadDockerTarball "image.tar" "a/b"\n}\n';
  const { cwd, code, stderr } = await run(program, 't', ...both);
  expect(code).toBe(1);
  expect(stderr).toMatch(/a Docker archive holds an image of one platform[\s\S]*downloadOCITarball/);
  expect(existsSync(join(cwd, 'image.tar'))).toBe(false);
});

test('commands for a platform without an emulator: what is missing is said before they run', async () => {
  const program = `fs t() {\n\tscratch\n\tcopy image("${testEngine().registry}/base") "/" "/"\n\trun "true"\n}\n`;
  const { stderr } = await run(program, 't', '--platform', 'linux/amd64,linux/riscv64');
  expect(stderr).toContain('warning: the engine runs no commands for linux/riscv64: it has no emulator for it');
  expect(stderr).not.toContain('commands for linux/amd64');
  expect(stderr.indexOf('warning')).toBeLessThan(stderr.indexOf('[linux/riscv64]'));
});

test('platforms of the configuration, and names that are none', async () => {
  const program = 'fs default() {\n\tscratch\n\tmkfile "/file" 0o644 "x"\n\tdownload "out"\n}\n';
  const config = JSON.stringify({ run: { platform: ['linux/amd64', 'linux/arm64'] } });
  const cwd = await folderWith({ 'build.hlb': program, 'hlb.config.json': config });
  const { code, stderr } = await cli(['--engine', testEngine().address, 'run', '--log-output', 'plain'], { cwd });
  expect(code, stderr).toBe(0);
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['linux_amd64', 'linux_arm64']);
  const wrong = await cli(['run', '--platform', 'linux/amd64,arm64'], { cwd });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('expected OS/ARCH');
});

test('an image that there is for one platform only is told when another is asked for', async () => {
  const program = `fs app() {\n\timage "${testEngine().registry}/base"\n\tmkdir "/a" 0o755\n\tdockerPush "${testEngine().registry}/other-${Date.now()}:1"\n}\n`;
  const own = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
  const other = own === 'linux/amd64' ? 'linux/arm64' : 'linux/amd64';
  const { code, stderr } = await run(program, 'app', '--platform', other);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('HLB0535');
  expect(stderr.replace(/\s+/g, ' ')).toContain(`is for ${own}, not for ${other}`);
  expect(stderr).toContain('build.hlb:2:');
  const quiet = await run(program, 'app', '--platform', own);
  expect(quiet.stderr).not.toContain('HLB0535');
});
