import { imageSource } from '@hlb/llb';
import { expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { mkfile, OnEngine, tarNames } from '../fixtures/on-engine.js';
import { skipUnless } from '../fixtures/skip-unless.js';
import { openGateway } from '../gateway/open-gateway.js';
import { type SourceRule, sourcePolicy } from './source-policy.js';

const base = (): string => `docker-image://${testEngine().registry}/base:latest`;
const deny = (identifier: string): SourceRule => ({ kind: 'deny', selector: { identifier } });

const TOO_OLD = 'a source policy is not supported by this engine: it needs BuildKit 0.11 or newer';

test('a source that is denied fails the build by its name; others are left alone', async () => {
  const on = await OnEngine.open();
  const options = { sourcePolicy: sourcePolicy([deny(base())]) };
  const building = on.build(imageSource({ ref: `${testEngine().registry}/base` }), options);
  if (!on.caps.llb.has('source.policy')) {
    await expect(building).rejects.toThrow(TOO_OLD);
    return;
  }
  await expect(building).rejects.toThrow(/source .*base:latest.* (denied by policy|not allowed by policy)/);
  await on.build(mkfile('/a', 'b'), options);
});

test('all are denied but one, and one becomes another', async (context) => {
  await skipUnless(context, 'llb:source.policy');
  const on = await OnEngine.open();
  const other = {
    kind: 'convert',
    selector: { identifier: 'docker-image://nowhere.test/*:latest' },
    identifier: base(),
  };
  const policy = sourcePolicy([
    deny('docker-image://*'),
    { kind: 'allow', selector: { identifier: base(), match: 'exact' } },
    { ...other, kind: 'convert' },
  ]);
  const { path } = await on.receive(imageSource({ ref: 'nowhere.test/x' }), 'tar', {}, { sourcePolicy: policy });
  expect(tarNames(path)).toContain('bin/busybox');
});

test('in a gateway: for the whole build, and for one solve of it', async () => {
  const on = await OnEngine.open();
  const policy = sourcePolicy([deny('docker-image://*')]);
  if (!on.caps.llb.has('source.policy')) {
    await expect(openGateway(on.connection, { sourcePolicy: policy })).rejects.toThrow(TOO_OLD);
    return;
  }
  const whole = await openGateway(on.connection, { sourcePolicy: policy });
  onTestFinished(() => whole.close());
  await expect(whole.resolveImageConfig(`${testEngine().registry}/base`)).rejects.toThrow(/policy/);
});
