import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

// What is asked of this host and of registries with the digest of something pushed.

const name = (): string => `${testEngine().registry}/late-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;

/** A function `app` whose push binds `pin`. */
function pushing(ref: string, content = 'hello'): string {
  return `fs app() {
	image "${testEngine().registry}/base"
	env "MADE" "here"
	dir "/opt"
	mkdir "/opt" 0o755
	mkfile "/opt/hello" 0o644 "${content} ${ref}"
	dockerPush "${ref}" as (digest pin)
}
`;
}

async function run(program: string, targets: readonly string[] = ['default'], flags: readonly string[] = []) {
  const cwd = await folderWith({ 'build.hlb': program });
  const args = ['--engine', testEngine().address, 'run', '--log-output', 'plain', ...flags];
  const result = await cli([...args, ...targets.flatMap((target) => ['-t', target])], { cwd });
  const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
  return { cwd, read, ...result };
}

async function digestOf(ref: string): Promise<string | null> {
  const [host, ...path] = ref.split('/');
  const response = await fetch(`http://${host}/v2/${path.join('/')}/manifests/latest`, {
    method: 'HEAD',
    headers: {
      accept:
        'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json',
    },
  });
  return response.headers.get('docker-content-digest');
}

test('a command is given the digest, and writes it down; what it prints goes into the build', async () => {
  const ref = name();
  const { code, stderr, read } = await run(`${pushing(ref)}
string signed() { localRun "echo \${pin} > signed.txt; cat signed.txt"; }
fs default() {
	scratch
	mkfile "/said" 0o644 signed
	download "out"
}
`);
  expect(stderr).toContain('localRun echo … > signed.txt');
  expect(code).toBe(0);
  const digest = await digestOf(ref);
  expect(digest).toMatch(/^sha256:/);
  expect(read('signed.txt').trim()).toBe(digest);
  expect(read('out/said')).toBe(digest);
});

test('the manifest of what was pushed, by its digest', async () => {
  const ref = name();
  const { code, read, stderr } = await run(
    `${pushing(ref)}
fs default() {
	scratch
	mkfile "/manifest" 0o644 manifest("${ref}@\${pin}")
	mkfile "/config" 0o644 its
	download "out"
}
string text() { manifest "${ref}@\${pin}" as (config its); }
`,
  );
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  const config = JSON.parse(read('out/config')) as { config: { Env: string[]; WorkingDir: string } };
  expect(config.config.Env).toContain('MADE=here');
  expect(config.config.WorkingDir).toBe('/opt');
  expect(JSON.parse(read('out/manifest'))).toMatchObject({ schemaVersion: 2 });
});

test('an image that was just pushed has its environment and directory', async () => {
  const ref = name();
  const { code, read } = await run(`${pushing(ref)}
fs default() {
	image "${ref}@\${pin}"
	run "cat hello > /said; echo $MADE >> /said; pwd >> /said"
	download "out"
}
`);
  expect(code).toBe(0);
  expect(read('out/said')).toBe(`hello ${ref}here\n/opt\n`);
});

test('a chain: push, command, push, command, each given what the one before it gave', async () => {
  const [first, second] = [name(), name()];
  const { code, read } = await run(`${pushing(first)}
string tag() { localRun "echo v-$(echo \${pin} | cut -c8-19)"; }
fs next() {
	image "${first}@\${pin}"
	label "of" tag
	dockerPush "${second}:\${tag}" as (digest nextPin)
}
fs default() {
	scratch
	mkfile "/labels" 0o644 manifest("${second}:\${tag}@\${nextPin}")
	mkfile "/last" 0o644 localRun("echo \${nextPin} \${tag} | tee last.txt")
	download "out"
}
`);
  expect(code).toBe(0);
  const tag = `v-${(await digestOf(first))?.slice(7, 19)}`;
  expect(read('last.txt')).toMatch(new RegExp(`^sha256:[0-9a-f]{64} ${tag}\n$`));
  expect(read('out/last')).toBe(read('last.txt').trim());
});

test('inside of parallel stages each command waits for its own push, and the next stage for both', async () => {
  const refs = [name(), name()];
  const made = refs.map(
    (ref, index) => `${pushing(ref).replace('fs app', `fs app${index}`).replace('pin)', `pin${index})`)}
string sign${index}() { localRun "echo \${pin${index}} > signed-${index}"; }
fs signed${index}() {
	scratch
	mkfile "/n" 0o644 sign${index}
}
`,
  );
  const { code, read } = await run(
    `${made.join('')}
fs collect() {
	local "." with option {
		includePatterns "signed-*"
	}
	download "out"
}
pipeline default() {
	stage signed0 signed1
	stage collect
}
`.replace(' with includePatterns("signed-*")', ' with option {\n\t\tincludePatterns "signed-*"\n\t}'),
  );
  expect(code).toBe(0);
  for (const [index, ref] of refs.entries()) expect(read(`out/signed-${index}`).trim()).toBe(await digestOf(ref));
});

test('a command that fails is told as one, at its call, with what it printed; what follows is not done', async () => {
  const { code, stderr, cwd } = await run(`${pushing(name())}
fs default() {
	scratch
	mkfile "/x" 0o644 localRun("echo no key for \${pin} >&2; exit 3")
	download "out"
}
`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/error HLB0520: the command ended with exit code 3: echo no key for\s+sha256:/);
  expect(stderr).toContain('It printed:');
  expect(stderr).toContain('build.hlb:12:');
  expect(existsSync(join(cwd, 'out'))).toBe(false);
});

test('a push that fails: no command is given anything', async () => {
  const { code, stderr, cwd } = await run(`${pushing('127.0.0.1:1/nobody/there')}
fs default() {
	scratch
	mkfile "/x" 0o644 localRun("touch ran-\${pin}; touch ran")
}
`);
  expect(code).toBe(1);
  expect(stderr).toContain('127.0.0.1:1');
  expect(existsSync(join(cwd, 'ran'))).toBe(false);
});

test('what was asked and pushed is recorded, and dumped again without an engine, byte for byte', async () => {
  const ref = name();
  const program = `${pushing(ref)}
fs default() {
	image "${ref}@\${pin}"
	run "echo \${text}"
	mkfile "/x" 0o644 manifest("${ref}@\${pin}")
}
string text() { localRun "echo \${pin}"; }
`;
  const { code, cwd } = await run(program, ['default'], ['--record-facts', 'facts.json']);
  expect(code).toBe(0);
  const facts = JSON.parse(readFileSync(join(cwd, 'facts.json'), 'utf8')) as { pushDigest: unknown; commands: unknown };
  const digest = await digestOf(ref);
  expect(facts.pushDigest).toEqual({ [`${ref}:latest`]: digest });
  expect(facts.commands).toMatchObject([{ args: ['/bin/sh', '-c', `echo ${digest}`], output: `${digest}\n` }]);
  const dumped = await cli(['dump', '--stage', 'llb', '--json', '--facts', 'facts.json', 'build.hlb'], { cwd });
  expect(dumped.code).toBe(0);
  expect(dumped.stdout).toContain(`echo ${digest}`);
  expect(dumped.stdout).toContain('MADE=here');
});
