import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, prune } from '@hlb/buildkit';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

/** A project whose builds are remembered in a folder of its own. */
async function project(program: (mark: string) => string, files: Readonly<Record<string, string>> = {}) {
  const mark = `m${Date.now()}`;
  const cwd = await folderWith({ 'build.hlb': program(mark), ...files });
  const env = { HOME: cwd, PATH: process.env.PATH, XDG_CACHE_HOME: join(cwd, '.cache'), MY_TOKEN: 'hunter2-one' };
  const engine = ['--engine', testEngine().address];
  return {
    cwd,
    env,
    write: (name: string, content: string): void => writeFileSync(join(cwd, name), content),
    edit: (change: (text: string) => string): void => writeFileSync(join(cwd, 'build.hlb'), change(program(mark))),
    build: async (more: NodeJS.ProcessEnv = {}, target = 'default'): Promise<number> =>
      (await cli([...engine, 'run', '--log-output', 'quiet', '-t', target], { cwd, env: { ...env, ...more } })).code,
    explain: async (...flags: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await cli(['explain', ...flags], { cwd, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    },
  };
}

const program = (mark: string): string => `fs compile() {
	image "${testEngine().registry}/base"
	env "MODE" "fast"
	env "TOKEN" localEnv("MY_TOKEN")
	run "cat /src/* > /out # ${mark}" with option {
		mount fs { local "src"; } "/src" with readonly
	}
}

fs other() {
	image "${testEngine().registry}/base"
	run "echo other # ${mark}"
}

fs default() {
	merge compile other
	run "wc -c /out # ${mark}"
}
`;

test('a walk: nothing, a file, a line, an environment variable, the cache', async () => {
  const { write, edit, build, explain, cwd, env } = await project(program, { 'src/a': '1', 'src/b': '1' });
  const none = await cli(['explain'], { cwd, env });
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(/no build of the target "default" of build.hlb is remembered/);

  expect(await build()).toBe(0);
  expect(await explain()).toMatch(/no build of this target is known from before/);
  await build();
  expect(await explain()).toMatch(/No step was run; 4 steps came from the cache/);

  write('src/a', 'longer');
  write('src/c', 'new');
  rmSync(join(cwd, 'src/b'));
  await build();
  const files = await explain();
  expect(files).toMatch(
    /files of the directory "src" are not the same: 1 changed, 1 added, 1 removed\n +~ a\n +\+ c\n +- b\n/,
  );
  expect(files).toMatch(/run wc -c \/out .*\n +it follows from build\.hlb:5:2 run cat \/src/);
  expect(files).not.toMatch(/echo other/);

  edit((text) => text.replace('wc -c', 'wc -l'));
  await build();
  const command = await explain();
  expect(command).toMatch(/^1 step was run/m);
  expect(command).toMatch(/wc -\[-c-\]\{\+l\+\} \/out/);

  edit((text) => text.replace('"fast"', '"careful"').replace('wc -c', 'wc -l'));
  await build();
  expect(await explain()).toMatch(/the environment variable MODE changed:\n +\[-fast-\]\{\+careful\+\}/);

  await build({ MY_TOKEN: 'hunter2-two' });
  const token = await explain();
  expect(token).toMatch(/the environment variable TOKEN changed:\n +\[-•••-\]\{\+•••\+\}/);
  expect(token).not.toMatch(/hunter2/);

  const connection = await connect(testEngine().address);
  try {
    for await (const _removed of prune(connection, { all: true }));
  } finally {
    await connection.close();
  }
  await build({ MY_TOKEN: 'hunter2-two' });
  expect(await explain()).toMatch(/run echo other .*\n +nothing changed: the engine did not have its result any more/);
});

test('a failure and its mending; the form for programs', async () => {
  const { edit, build, explain } = await project(
    (mark) =>
      `fs default() {\n\timage "${testEngine().registry}/base"\n\trun "echo first # ${mark}"\n\trun "exit 0 # ${mark}"\n}\n`,
  );
  edit((text) => text.replace('exit 0', 'exit 3'));
  expect(await build()).toBe(1);
  expect(await explain()).toMatch(/run exit 3 # m\d+ \(failed\)/);
  edit((text) => text);
  expect(await build()).toBe(0);
  expect(JSON.parse(await explain('--json'))).toMatchObject({
    file: 'build.hlb',
    target: 'default',
    build: { outcome: 'done', time: expect.stringMatching(/^\d{4}-/) },
    before: { outcome: 'failed' },
    steps: [
      {
        name: expect.stringMatching(/^run exit 0/),
        place: 'build.hlb:4:2',
        state: 'ran',
        reasons: [
          { kind: 'command', before: expect.stringContaining('exit 3'), after: expect.stringContaining('exit 0') },
        ],
      },
    ],
  });
});

test('an image whose tag has moved', async () => {
  const image = `${testEngine().registry}/moving-${Date.now()}:1`;
  const { edit, build, explain } = await project(
    (mark) =>
      `fs push() {\n\tscratch\n\tcopy fs { image "${testEngine().registry}/base"; } "/" "/"\n\tmkfile "/version" 0o644 "one"\n\tdockerPush "${image}"\n}\n\nfs default() {\n\timage "${image}"\n\trun "cat /version # ${mark}"\n}\n`,
  );
  expect(await build({}, 'push')).toBe(0);
  expect(await build()).toBe(0);
  edit((text) => text.replace('"one"', '"two"'));
  expect(await build({}, 'push')).toBe(0);
  expect(await build()).toBe(0);
  expect(await explain()).toMatch(
    /the image localhost:\d+\/moving-\d+:1 has another digest:\n +- sha256:[0-9a-f]{64}\n +\+ sha256:[0-9a-f]{64}\n/,
  );
});

test('what is kept holds no value of the environment', async () => {
  const { build, cwd } = await project(program, { 'src/a': '1' });
  await build();
  const kept = readdirSync(join(cwd, '.cache'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
  expect(kept).toMatch(/cat \/src/);
  expect(kept).not.toMatch(/hunter2/);
});
