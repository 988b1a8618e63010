import { cpSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { testEngine } from './support/test-engine.js';

// What a directory of this host is to an engine follows from what is in it: not from when it was written, nor from where it lies.

/** Runs the program of a folder; whether its command ran, or was found in the cache. */
async function commandRan(cwd: string): Promise<boolean> {
  const args = ['--engine', testEngine().address, 'run', '--log-output', 'plain'];
  const { code, stderr } = await cli(args, { cwd });
  expect(code, stderr).toBe(0);
  const [, number] = /^#(\d+) .*cat \/a\/note/m.exec(stderr) ?? [];
  expect(number, stderr).toBeDefined();
  return !new RegExp(`^#${number} CACHED$`, 'm').test(stderr);
}

test.each([
  ['copied', '\tcopy local("app") "/" "/a"\n\trun "cat /a/note >/seen"\n'],
  ['mounted', '\trun "cat /a/note >/seen" with option {\n\t\tmount local("app") "/a" with readonly\n\t}\n'],
])(
  'a directory that is %s: touched, and in another checkout, it is the same; changed, it is another',
  async (_, lines) => {
    const own = `# ${Date.now()} ${Math.random()}`;
    const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\tenv "OWN" "${own}"\n${lines}\tdownload "out"\n}\n`;
    const cwd = await folderWith({ 'build.hlb': program, 'app/note': 'note', 'app/sub/other': 'other' });
    expect(await commandRan(cwd)).toBe(true);
    utimesSync(join(cwd, 'app/note'), new Date(), new Date(Date.now() - 1e9));
    expect(await commandRan(cwd)).toBe(false);
    const other = await folderWith({});
    cpSync(join(cwd, 'app'), join(other, 'app'), { recursive: true });
    cpSync(join(cwd, 'build.hlb'), join(other, 'build.hlb'));
    expect(await commandRan(other)).toBe(false);
    writeFileSync(join(other, 'app/note'), 'changed');
    expect(await commandRan(other)).toBe(true);
  },
);
