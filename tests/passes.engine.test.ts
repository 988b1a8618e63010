import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { testEngine } from './support/test-engine.js';

/** Files that the programs read. */
const files = {
  'app/main.txt': 'main\n',
  'app/tests/one.txt': 'one\n',
  'app/node/deep/x.txt': 'x\n',
  'lib/lib.txt': 'lib\n',
};

interface HistoryEntry {
  readonly created_by?: string;
  readonly comment?: string;
}

/** What a program makes: its files as a tar, and the image. */
interface Made {
  /** Kind, permissions, owner, size, path and content of each entry; times are those of the build. */
  readonly tree: readonly string[];
  readonly config: { readonly config: unknown; readonly history: readonly HistoryEntry[] };
  readonly layers: number;
  readonly stderr: string;
}

let runs = 0;

/** Runs `value` of a program in a new folder, and looks at what was made with other tools. */
async function make(program: string, ...flags: readonly string[]): Promise<Made> {
  runs += 1;
  const image = `${testEngine().registry}/passes:${runs}`;
  const whole = `${program}
fs default() {
	value
	downloadTarball "fs.tar"
	dockerPush "${image}"
}
`;
  const cwd = await folderWith({ ...files, 'build.hlb': whole.replaceAll('BASE', `${testEngine().registry}/base`) });
  const { code, stderr } = await cli(
    ['--engine', testEngine().address, 'run', '--log-output', 'plain', '--verify', ...flags],
    { cwd },
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const manifest = await registry('manifests', `${runs}`);
  return {
    tree: tree(cwd, join(cwd, 'fs.tar')),
    config: await registry('blobs', manifest.config.digest),
    layers: manifest.layers.length,
    stderr,
  };
}

/** What the registry has of the image, as JSON. */
async function registry(kind: 'manifests' | 'blobs', name: string) {
  const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const response = await fetch(`http://${testEngine().registry}/v2/passes/${kind}/${name}`, { headers: { accept } });
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}

function tar(...args: readonly string[]): string {
  return execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

function tree(cwd: string, path: string): readonly string[] {
  const folder = join(cwd, 'unpacked');
  execFileSync('mkdir', [folder]);
  execFileSync('tar', ['-C', folder, '--no-same-owner', '-xf', path]);
  const lines = tar('--numeric-owner', '-tvf', path).trimEnd().split('\n');
  return lines
    .map((line) => {
      const [, mode = '', owner = '', size = '', name = ''] = /^(\S+) (\S+) +(\d+) \S+ \S+ (.*)$/.exec(line) ?? [];
      const content = mode.startsWith('-') && existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : '';
      return `${mode} ${owner} ${size} ${name} ${createHash('sha256').update(content).digest('hex')}`;
    })
    .sort();
}

const chain = `
fs value() {
	image "BASE"
	mkdir "/srv/app" 0o750 with option { createParents; chown "1000:1000"; }
	dir "/srv/app"
	mkfile "notes" 0o640 "hello" with option { chown "1000"; }
	env "MODE" "test"
	label "made.by" "hlb"
	copy local("app") "/" "."
	rm "tests"
	rm "nothing" with option { allowNotFound; }
	mkfile "version" 0o600 "1"
	mkdir "/srv/var" 0o1777
	copy local("lib") "lib.txt" "/srv/var/lib.txt" with option { chmod 0o444; chown "root:root"; }
	run "cat notes > copied"
}
`;

test('join-files: the same files and config in fewer layers', async () => {
  const exact = await make(chain, '-O0');
  const joined = await make(chain);
  const apart = await make(chain, '--skip-pass', 'join-files');
  expect(joined.tree.length).toBeGreaterThan(10);
  expect(joined.tree).toEqual(exact.tree);
  expect(joined.config.config).toEqual(exact.config.config);
  expect(history(joined)).toEqual(history(exact));
  // mkdir, mkfile, copy, rm, rm are one, and mkfile, mkdir, copy another.
  expect(apart.layers - joined.layers).toBeGreaterThanOrEqual(5);
  expect(joined.tree.filter((line) => /^-rw-r----- 1000\/\d+ 5 srv\/app\/notes /.test(line))).toHaveLength(1);
});

test('join-files: an error points at the change that failed', async () => {
  const program = `fs default() {
	image "${testEngine().registry}/base"
	mkdir "/first" 0o755
	setup
	mkfile "/last" 0o644 "x"
}

fs setup() {
	mkdir "/not/there" 0o755
	mkdir "/second" 0o755
}
`;
  const cwd = await folderWith({ 'build.hlb': program });
  const { code, stderr } = await cli(['--engine', testEngine().address, 'run', '--log-output', 'plain'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/build\.hlb:9:2/);
  expect(stderr).not.toMatch(/build\.hlb:3:2/);
});

const bound = `
fs build() {
	image "BASE"
	run "head -c 32 /dev/urandom | od -x > /bin1/id; cp /bin1/id /bin2/id; cp /bin1/id /id" with option {
		mount scratch "/bin1" as one
		mount scratch "/bin2" as two
		env "FOR" "FLAGS"
	}
}

fs value() {
	image "BASE"
	copy one "id" "/one"
	copy two "id" "/two"
	copy build "id" "/three"
	run "cmp /one /two; echo $? > /same12; cmp /one /three; echo $? > /same13"
}
`;

test('fuse-binds: a command runs once for all its results', async () => {
  const fresh = (): string => bound.replace('FLAGS', `${Date.now()} ${Math.random()}`);
  const same = (made: Made): string[] => made.tree.filter((line) => line.includes(' same1'));
  const zero = createHash('sha256').update('0\n').digest('hex');
  const fused = same(await make(fresh()));
  expect(fused).toHaveLength(2);
  for (const line of fused) expect(line).toContain(zero);
  for (const line of same(await make(fresh(), '--skip-pass', 'fuse-binds'))) expect(line).not.toContain(zero);
});

describe('passes on request make the same where they say so', () => {
  const copies = `
fs value() {
	image "BASE"
	run "mkdir -p /opt/there && echo old > /opt/there/main.txt && echo kept > /opt/there/kept.txt"
	copy local("app") "main.txt" "/opt/there/"
	dir "/opt"
	copy local("lib") "lib.txt" "there/"
	copy local("lib") "lib.txt" "there/owned/" with option { chmod 0o600; chown "12:34"; createDestPath; }
	copy local("app") "/tests" "/opt/all" with option { contentsOnly; createDestPath; }
	copy local("app") "node" "/opt/node" with option { createDestPath; }
	run "cat /opt/there/*.txt /opt/all/* > /out"
}
`;

  test('link-copies', async () => {
    const exact = await make(copies, '-O0');
    const linked = await make(copies, '--pass', 'link-copies');
    expect(linked.tree).toEqual(exact.tree);
    expect(linked.config.config).toEqual(exact.config.config);
    expect(history(linked)).toEqual(history(exact));
    expect(linked.stderr).toMatch(/merge/);
  });

  test('narrow-locals', async () => {
    const exact = await make(copies, '-O0');
    const narrowed = await make(copies, '--pass', 'narrow-locals');
    expect(narrowed.tree).toEqual(exact.tree);
    expect(narrowed.config.config).toEqual(exact.config.config);
    expect(history(narrowed)).toEqual(history(exact));
  });
});

/** What the history says of each step of the program; the engine adds an entry for each layer beyond these. */
function history({ config }: Made): readonly (string | undefined)[] {
  return config.history.filter(({ comment }) => comment === 'hlb.v0').map((entry) => entry.created_by);
}
