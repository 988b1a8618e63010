import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { testEngine } from './support/test-engine.js';

// What builtins for files, image configurations and texts do on an engine, seen in what comes back.

async function build(program: string, cwd: string) {
  const head = `fs base() {\n\timage "${testEngine().registry}/base"\n}\n\n`;
  const args = ['--engine', testEngine().address, 'run', '--log-output', 'plain', '-'];
  const result = await cli(args, { cwd, stdin: head + program });
  expect(result.code, result.stderr).toBe(0);
  return result;
}

function time(path: string): string {
  return statSync(path).mtime.toISOString();
}

test('mkdir, mkfile and rm: modes, owners, times, parents, wildcards', async () => {
  const cwd = await folderWith({});
  await build(
    `fs default() {
	scratch
	mkdir "/a/b" 0o750 with option {
		createParents
		createdTime "2020-01-02T03:04:05Z"
	}
	mkfile "/a/f" 0o604 "text" with createdTime("2021-01-02T03:04:05Z")
	mkfile "/a/one.tmp" 0o644 "" with chown("7:8")
	mkfile "/a/two.tmp" 0o644 ""
	mkfile "/a/three" 0o644 "" with chown("7:8")
	rm "/a/*.tmp" with allowWildcard
	rm "/a/none" with allowNotFound
	downloadTarball "out.tar"
}
`,
    cwd,
  );
  const listing = execFileSync('tar', ['--numeric-owner', '--full-time', '-tvf', join(cwd, 'out.tar')], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  });
  expect(listing).toMatch(/^drwxr-x--- 0\/0 .* 2020-01-02 03:04:05 a\/b\/$/m);
  expect(listing).toMatch(/^-rw----r-- 0\/0 .* 2021-01-02 03:04:05 a\/f$/m);
  expect(listing).toMatch(/^-rw-r--r-- 7\/8 .* a\/three$/m);
  expect(listing).not.toMatch(/tmp/);
});

test('copy: wildcards, links, archives, patterns, times, modes', async () => {
  const cwd = await folderWith({ 'in/a.txt': 'a', 'in/b.txt': 'b', 'in/c.md': 'c' });
  execFileSync('tar', ['-C', join(cwd, 'in'), '-cf', join(cwd, 'in/packed.tar'), 'a.txt', 'c.md']);
  symlinkSync('a.txt', join(cwd, 'in/link'));
  await build(
    `fs in() {
	local "in"
}

fs default() {
	scratch
	copy in "*.txt" "/wild/" with option {
		allowWildcard
		createDestPath
		createdTime "2020-01-02T03:04:05Z"
		chmod 0o600
	}
	copy in "*.none" "/wild/" with option {
		allowWildcard
		allowEmptyWildcard
	}
	copy in "packed.tar" "/unpacked/" with option {
		unpack
		createDestPath
	}
	copy in "link" "/as-link"
	copy in "link" "/followed" with followSymlinks
	copy in "/" "/some/" with option {
		includePatterns "*.md" "a.*"
		excludePatterns "a.txt"
		contentsOnly
		createDestPath
	}
	download "out"
}
`,
    cwd,
  );
  const out = join(cwd, 'out');
  expect(readdirSync(join(out, 'wild'))).toEqual(['a.txt', 'b.txt']);
  expect(time(join(out, 'wild/a.txt'))).toBe('2020-01-02T03:04:05.000Z');
  expect(statSync(join(out, 'wild/a.txt')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(out, 'unpacked'))).toEqual(['a.txt', 'c.md']);
  expect(lstatSync(join(out, 'as-link')).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(out, 'followed')).isSymbolicLink()).toBe(false);
  expect(readFileSync(join(out, 'followed'), 'utf8')).toBe('a');
  expect(readdirSync(join(out, 'some'))).toEqual(['c.md']);
});

test('a part of a file system, mounted; a line that is split without a shell', async () => {
  const cwd = await folderWith({ 'in/deep/f': 'found', 'in/other': '' });
  await build(
    `fs default() {
	base
	run "/bin/cp /m/f '/out/a name'" with option {
		shlex
		mount local("in") "/m" with sourcePath("deep")
		mount scratch "/out" as made
	}
}

fs got() {
	made
	download "out"
}
`
      .replace('fs default()', 'fs _ran()')
      .replace('fs got()', 'fs default()'),
    cwd,
  );
  expect(readFileSync(join(cwd, 'out/a name'), 'utf8')).toBe('found');
});

test('what an image says of itself', async () => {
  const cwd = await folderWith({});
  await build(
    `fs default() {
	base
	env "A" "b"
	dir "/work"
	user "nobody"
	entrypoint "/bin/echo" "one"
	cmd "two"
	label "made" "here"
	expose "80/tcp" "53/udp"
	volumes "/data"
	stopSignal "SIGQUIT"
	downloadOCITarball "image.tar"
}
`,
    cwd,
  );
  const member = (
    name: string,
  ): Readonly<Record<string, unknown>> & { manifests: { digest: string }[]; config: { digest: string } } =>
    JSON.parse(execFileSync('tar', ['-xOf', join(cwd, 'image.tar'), name], { encoding: 'utf8' }));
  const blob = (digest = ''): string => `blobs/${digest.replace(':', '/')}`;
  const manifest = member(blob(member('index.json').manifests[0]?.digest));
  expect(member(blob(manifest.config.digest)).config).toMatchObject({
    ...{ User: 'nobody', WorkingDir: '/work', Entrypoint: ['/bin/echo', 'one'], Cmd: ['two'], StopSignal: 'SIGQUIT' },
    ...{ ExposedPorts: { '80/tcp': {}, '53/udp': {} }, Volumes: { '/data': {} }, Labels: { made: 'here' } },
    Env: expect.arrayContaining(['A=b']),
  });
});

test('texts of this machine, put into files of the build', async () => {
  const cwd = await folderWith({});
  await build(
    `string quiet() {
	localRun "echo out; echo err >&2; exit 3" with ignoreError
}

string loud() {
	localRun "echo out; echo err >&2" with onlyStderr
}

string both() {
	localRun "echo out; echo err >&2" with includeStderr
}

string words() {
	localRun "printf %s- 'a b' c" with shlex
}

string _report() {
	template "{{.where}}|{{.quiet}}|{{.loud}}|{{.both}}|{{.words}}" with option {
		stringField "where" localCwd
		stringField "quiet" quiet
		stringField "loud" loud
		stringField "both" both
		stringField "words" words
	}
}

fs default() {
	scratch
	mkfile "/report" 0o644 format("<%s>", _report)
	download "out"
}
`,
    cwd,
  );
  expect(readFileSync(join(cwd, 'out/report'), 'utf8')).toBe(`<${cwd}|out|err|out\nerr|a b-c->`);
});
