import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { testEngine } from './support/test-engine.js';

// Pages whose examples are sessions: `hlb` blocks are build.hlb, `sh` blocks are run, `text` blocks are what the last hlb command wrote.

const docs = join(import.meta.dirname, '../docs');

/** Runs a line of a `sh` block; gives what an hlb command wrote, `undefined` for others. */
async function runLine(line: string, cwd: string): Promise<string | undefined> {
  const [program, ...args] = line.split(' ');
  if (program !== 'hlb') {
    execFileSync('/bin/sh', ['-c', line], { cwd });
    // Earlier runs on this engine have nothing of this one in its cache.
    if (line.startsWith('mkdir src')) writeFileSync(join(cwd, 'src/.mark'), String(Date.now()));
    return undefined;
  }
  const env = { HOME: cwd, PATH: process.env.PATH, XDG_CACHE_HOME: join(cwd, '.cache') };
  const { stdout, stderr } = await cli(['--engine', testEngine().address, ...args], { cwd, env });
  return stdout + stderr;
}

/** A text without what is different each time. */
function masked(text: string): string {
  return text
    .trimEnd()
    .replace(/just now|\d+ seconds? ago/g, 'AGO')
    .replace(/after \d+\.\ds/g, 'after TIME')
    .replace(/checksum of ref\s+\S+:\s+/g, 'checksum of ref REF: ')
    .replace(/\s+/g, ' ');
}

test.each(['explain.md', 'failures.md'])('the sessions of %s', async (page) => {
  const cwd = await folderWith({});
  let written = '';
  let compared = 0;
  for (const [, language, text = ''] of readFileSync(join(docs, page), 'utf8').matchAll(
    /^```(\w+)\n([\s\S]*?)^```$/gm,
  )) {
    if (language === 'hlb') writeFileSync(join(cwd, 'build.hlb'), text);
    if (language === 'sh')
      for (const line of text.trimEnd().split('\n')) written = (await runLine(line, cwd)) ?? written;
    if (language === 'text') {
      expect(masked(written)).toBe(masked(text));
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(2);
});
