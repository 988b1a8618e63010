import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { bindsAndCalls } from './support/odd-programs/binds-and-calls.js';
import { optionsAndMounts } from './support/odd-programs/options-and-mounts.js';
import { textsAndPaths } from './support/odd-programs/texts-and-paths.js';
import { testEngine } from './support/test-engine.js';

// Odd but valid combinations, as a user may come to write them: what comes back is the same at both levels, and what the language says.

const programs = [...bindsAndCalls, ...optionsAndMounts, ...textsAndPaths];

function treeOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith('.tar'));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

test.each(programs.flatMap((odd) => (['0', '1'] as const).map((level) => [odd.name, level, odd] as const)))(
  '%s (-O%s)',
  async (_, level, { program, files = {}, targets = ['default'], out, printed }) => {
    const { address, registry } = testEngine();
    const text = `${program.replaceAll('REGISTRY', registry)}\nfs base() { image "${registry}/base"; }\n`;
    const cwd = await folderWith({ ...files, 'build.hlb': text });
    const flags = ['--engine', address, 'run', '--log-output', 'plain', ...(level === '0' ? ['-O0'] : [])];
    const { code, stdout, stderr } = await cli([...flags, ...targets.flatMap((name) => ['-t', name])], { cwd });
    expect(code, stderr).toBe(0);
    expect(treeOf(join(cwd, 'out'))).toEqual(out);
    if (printed !== undefined) expect(stdout).toBe(printed);
  },
);
