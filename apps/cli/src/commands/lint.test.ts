import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';

/** `group` is the old word for `pipeline`, which a fix replaces. */
const old = (name: string, head = ''): string => `${head}export ${name}\n\ngroup ${name}() {\n\tstage scratch\n}\n`;

describe('modules that a program imports by path', () => {
  const files = {
    'build.hlb':
      'import a from "./lib/a.hlb"\n\nimport gone from "./gone.hlb"\n\nimport far from "git://example.com/x"\n\nfs default() {\n\tscratch\n}\n',
    'lib/a.hlb': old('a', 'import b from "../b.hlb"\n\n'),
    'b.hlb': old('b', 'import a from "./lib/a.hlb"\n\n'),
    'other.hlb': old('other'),
  };

  test('are linted as well, each once, also in a circle', async () => {
    const { code, stdout } = await cli(['lint', '--json', 'build.hlb'], { cwd: await folderWith(files) });
    expect(code).toBe(1);
    expect(deprecatedIn(stdout)).toEqual(['lib/a.hlb', 'b.hlb']);
  });

  test('are not linted again where they are named themselves', async () => {
    const { stdout } = await cli(['lint', '--json', '.'], { cwd: await folderWith(files) });
    expect(deprecatedIn(stdout)).toEqual(['b.hlb', 'lib/a.hlb', 'other.hlb']);
  });

  test('are not written by --fix, which mends the files named', async () => {
    const cwd = await folderWith(files);
    const { code, stderr } = await cli(['lint', '--fix', 'b.hlb'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('b.hlb: mended 1 finding');
    expect(readFileSync(join(cwd, 'b.hlb'), 'utf8')).toContain('pipeline b()');
    expect(readFileSync(join(cwd, 'lib', 'a.hlb'), 'utf8')).toBe(files['lib/a.hlb']);
  });

  test('of a program on standard input lead from here', async () => {
    const { stdout } = await cli(['lint', '--json', '-'], { cwd: await folderWith(files), stdin: files['build.hlb'] });
    expect(deprecatedIn(stdout)).toEqual(['lib/a.hlb', 'b.hlb']);
  });

  /** The files with the old word, in the order of the findings. */
  function deprecatedIn(json: string): readonly string[] {
    const { diagnostics }: { diagnostics: { message: string; labels: { file: string }[] }[] } = JSON.parse(json);
    return diagnostics.filter(({ message }) => message.includes('group')).map(({ labels }) => labels[0]?.file ?? '');
  }
});
