import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localSource } from '@hlb/llb';
import { known } from '@hlb/plan';
import { expect, onTestFinished, test } from 'vitest';
import { standAloneEngine } from '../../../../tests/support/stand-alone-engine.js';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { folder, mkfile, noNeeds, outputStep, run } from '../fixtures/plans.js';
import { type Build, openBuild } from './build.js';

async function open(): Promise<Build> {
  const build = await openBuild({ address: await standAloneEngine(testEngine().address) });
  onTestFinished(() => build.close());
  return build;
}

test('the one connection carries the session as well: locals go, outputs come back, side by side', async () => {
  const build = await open();
  expect(build.connection).toMatchObject({ kind: 'buildkit', via: 'direct' });
  const root = folder();
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src', 'big'), Buffer.alloc(3 << 20, 'big'));
  const session = { ...noNeeds, directories: [{ name: 'src', path: join(root, 'src'), include: [], exclude: [] }] };
  const local = localSource({ name: 'src', sessionId: build.sessionId, sharedKeyHint: `stand-alone ${process.pid}` });
  const events = await run(build, [
    outputStep('download-1', local, [{ kind: 'directory', path: known(join(root, 'a')) }], { session }),
    outputStep('download-2', mkfile('/other', 'x'), [{ kind: 'directory', path: known(join(root, 'b')) }]),
    outputStep('download-3', mkfile('/third', 'y'), [{ kind: 'tar', path: known(join(root, 'c.tar')) }]),
  ]);
  expect(readFileSync(join(root, 'a', 'big')).equals(readFileSync(join(root, 'src', 'big')))).toBe(true);
  expect(readFileSync(join(root, 'b', 'other'), 'utf8')).toBe('x');
  expect(events.filter(({ kind }) => kind === 'output')).toHaveLength(3);
});
