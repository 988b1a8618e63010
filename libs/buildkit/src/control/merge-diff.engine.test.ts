import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diff, merge, type Output } from '@hlb/llb';
import { expect, test } from 'vitest';
import { base, mkfile, OnEngine, shell, tarNames } from '../fixtures/on-engine.js';

/** What an engine without these ops says, or one that has them switched off. */
const REFUSED = /(mergeop|diffop) \(it needs BuildKit 0\.10 or newer\)|only enabled with containerd/;

async function received(
  on: OnEngine,
  output: Output | undefined,
  op: 'mergeop' | 'diffop',
): Promise<string | undefined> {
  if (on.caps.llb.has(op)) return (await on.receive(output, 'local')).path;
  const error: unknown = await on.receive(output, 'local').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'BuildkitError', message: expect.stringMatching(REFUSED) });
  expect(() => on.caps.llb.require(op, 'merging file systems')).toThrow(/needs BuildKit 0.10|containerd/);
  return undefined;
}

test('merge: the later one wins, the others stay', async () => {
  const on = await OnEngine.open();
  const path = await received(on, merge([mkfile('/a', 'a1'), mkfile('/b', 'b'), mkfile('/a', 'a2')]), 'mergeop');
  if (path === undefined) return;
  expect(readFileSync(join(path, 'a'), 'utf8')).toBe('a2');
  expect(readFileSync(join(path, 'b'), 'utf8')).toBe('b');
});

test('diff: what a command changed alone, also what it removed', async () => {
  const on = await OnEngine.open();
  const changed = shell(`echo ${on.mark} > /new; rm /bin/vi`);
  const path = await received(on, diff(base(), changed), 'diffop');
  if (path === undefined) return;
  expect(readFileSync(join(path, 'new'), 'utf8')).toBe(`${on.mark}\n`);
  expect(existsSync(join(path, 'bin/busybox'))).toBe(false);

  // On top of what lacks the rest, the removal counts as well.
  const merged = await on.receive(merge([base(), diff(base(), changed)]), 'tar');
  const names = tarNames(merged.path);
  expect(names).toContain('new');
  expect(names).toContain('bin/ls');
  expect(names).not.toContain('bin/vi');
});
