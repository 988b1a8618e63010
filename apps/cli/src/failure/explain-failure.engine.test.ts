import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type CliResult, cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

/** Runs a target that fails: `base` is an image with a shell; `ctx` a folder beside the program. */
async function fail(body: string, env: NodeJS.ProcessEnv = {}, flags: readonly string[] = []): Promise<CliResult> {
  const base = `fs base() {\n\timage "${testEngine().registry}/base"\n}\n\n`;
  const cwd = await folderWith({
    'build.hlb': `${base}fs default() {\n\t${body.replaceAll('\n', '\n\t')}\n}\n`,
    'ctx/main.go': '1',
    'ctx/notes.txt': '2',
    secret: 'hidden-word',
  });
  const result = await cli(['--engine', testEngine().address, 'run', '--log-output', 'quiet', ...flags], {
    cwd,
    env: { HOME: cwd, PATH: process.env.PATH, ...env },
  });
  expect(result.code).toBe(1);
  return { ...result, stderr: result.stderr.replace(/\n +(?:[│=] {2,}|(?=\S))/g, ' ').replace(/\n {7,}/g, ' ') };
}

const copyOf = (source: string, path: string): string => `scratch\ncopy fs { ${source} } "${path}" "/x"`;

test.each([
  [
    'a path that a local has under a similar name',
    copyOf('local "ctx"', '/mian.go'),
    /copy: there is no "\/mian.go" in what was sent of the directory "ctx"/,
    /Did you mean "\/main.go"\?/,
  ],
  [
    'a path that patterns leave out',
    copyOf('local "ctx" with excludePatterns("*.txt")', 'notes.txt'),
    /there is no "\/notes.txt"/,
    /the patterns of the local leave it out: excludePatterns "\*\.txt"/,
  ],
  [
    'a path of another file system',
    'base\ncopy base "/bin/nothing" "/x"',
    /copy: there is no "\/bin\/nothing" in the file system that it is copied from/,
    /not of this machine/,
  ],
  ['a path to remove', 'base\nrm "/nothing"', /rm: there is no "\/nothing"/, /allowNotFound/],
  ['no shell', 'scratch\nrun "id"', /there is no shell "\/bin\/sh" in this file system/, /in several texts/],
  ['no such program', 'base\nrun "/nothing" "x"', /there is no program "\/nothing"/, /installed there/],
  ['a file that is no program', 'base\nrun "/etc/passwd" "x"', /"\/etc\/passwd" can not be executed/, /chmod/],
  [
    'a program for something else',
    'base\nmkfile "/x" 0o755 "\\x7fELFnothing"\nrun "/x" "a"',
    /the program is not one that linux\/\w+ can run/,
    /another processor/,
  ],
  ['a command that is not found', 'base\nrun "nosuchcommand"', /failed with exit code 127/, /is it installed/],
  [
    'killed',
    `base\nrun "sh -c 'kill -9 \\$\\$'; exit \\$?"`,
    /exit code 137 \(SIGKILL: it was killed, often for using too much memory\)/,
    /more memory/,
  ],
  ['a fault', `base\nrun "sh -c 'kill -SEGV \\$\\$'; exit \\$?"`, /exit code 139 \(SIGSEGV/, /fault of the program/],
  [
    'a full disk',
    'base\nrun "dd if=/dev/zero of=/dev/full bs=1 count=1"',
    /there is no space left where it was written/,
    /prune/,
  ],
  [
    'a name that no server knows',
    'base\nrun "wget http://no.such.host.invalid/"',
    /the name "no\.such\.host\.invalid" is not known where the build runs/,
    /not on this machine/,
  ],
  [
    'a host that does not answer',
    'http "http://127.0.0.1:5/x"',
    /nothing answers at 127\.0\.0\.1:5: connection refused/,
    /does it listen there/,
  ],
  ['no such user', 'base\nrun "id" with user("nobody2")', /there is no user "nobody2"/, /passwd/],
  ['no agent', 'base\nrun "id" with ssh', /the command wants an SSH agent, and there is none/, /ssh-add/],
  [
    'a directory in the way',
    'base\ndir "/etc/passwd"\nrun "id"',
    /the directory "\/etc\/passwd" can't be made/,
    /`dir`/,
  ],
])('%s', async (_what, body, message, help) => {
  const { stderr } = await fail(body);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(help);
});

test('an image that is not there, a status, another checksum', async () => {
  const { registry } = testEngine();
  const image = await fail(`image "${registry}/base:nope"`);
  expect(image.stderr).toMatch(new RegExp(`there is no image ${registry}/base:nope`));
  expect(image.stderr).toMatch(/the engine said: .*not found/);
  expect((await fail(`http "http://${registry}/v2/nope"`)).stderr).toMatch(/the server answered with status 404/);
  const wanted = `sha256:${'0'.repeat(64)}`;
  const sum = await fail(`http "http://${registry}/v2/" with checksum("${wanted}")`);
  expect(sum.stderr).toMatch(/what was downloaded is not what the checksum says/);
  expect(sum.stderr).toMatch(/It has sha256:[0-9a-f]{63}/);
});

test('a registry that wants a login: which one, and how; another account where there is a login', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const { stderr } = await fail(`image "${host}/private/app:1"`);
  expect(stderr).toMatch(
    new RegExp(`the registry ${host} does not give or take the image ${host}/private/app:1 without a login`),
  );
  expect(stderr).toMatch(new RegExp(`Log in: docker login ${host}`));
  const docker = await folderWith({
    'config.json': JSON.stringify({ auths: { [host]: { auth: Buffer.from('me:the-password').toString('base64') } } }),
  });
  const again = await fail(`image "${host}/private/app:2"`, { DOCKER_CONFIG: docker });
  expect(again.stderr).toMatch(/with this login/);
  expect(again.stderr).not.toMatch(/the-password/);
});

test('the environment is shown as far as the program has it; secrets are not, and all calls with --backtrace', async () => {
  const body =
    'base\nenv "GREETING" "hello"\nenv "TOKEN" localEnv("MY_TOKEN")\ndir "/tmp"\nrun "test -f /s; exit 4" with secret("secret", "/s")';
  const { stderr } = await fail(body, { MY_TOKEN: 'aaaa-bbbb' }, ['--backtrace']);
  expect(stderr).toMatch(/it ran in \/tmp with this environment:/);
  expect(stderr).toMatch(/GREETING=hello/);
  expect(stderr).toMatch(/TOKEN \(its value is not in the program, and not shown\)/);
  expect(stderr).not.toMatch(/aaaa-bbbb|hidden-word/);
});

test('what failed is told, not what was ended with it', async () => {
  const now = Date.now();
  const { stderr } = await fail(
    `base\nrun "true" with option {\n\tmount fs { base; run "sleep 100 # ${now}"; } "/a"\n\tmount fs { base; run "exit 6 # ${now}"; } "/b"\n}`,
  );
  expect(stderr).toMatch(/exit code 6/);
  expect(stderr).not.toMatch(/cancel/i);
});

test('a command of a Dockerfile: its line there, and the call of the program', async () => {
  const dockerfile = `FROM ${testEngine().registry}/base\\nRUN exit 5 # ${Date.now()}\\n`;
  const { stderr } = await fail(
    `frontend "dockerfile.v0" with option {\n\tinput "context" scratch\n\tinput "dockerfile" fs { scratch; mkfile "/Dockerfile" 0o644 "${dockerfile}"; }\n}\nmkdir "/x" 0o755`,
  );
  expect(stderr).toMatch(/Dockerfile:2:1/);
  expect(stderr).toMatch(/RUN exit 5 #/);
  expect(stderr).toMatch(/called: build\.hlb:/);
});
