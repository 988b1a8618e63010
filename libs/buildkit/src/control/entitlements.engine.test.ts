import { expect, test } from 'vitest';
import { OnEngine } from '../fixtures/on-engine.js';

const links = "ls /sys/class/net | tr '\\n' ' '";

test('network none: nothing but the loopback', async () => {
  const on = await OnEngine.open();
  expect((await on.run(links, { network: 'none' })).trim()).toBe('lo');
});

test('network host: that of the engine, once it was granted', async () => {
  const on = await OnEngine.open();
  // A file of the host's network, which another network has not.
  const seen = await on.run(links, { network: 'host' }, { entitlements: ['network.host'] });
  const own = await on.run(links, { network: 'none' });
  expect(seen).not.toBe(own);
  expect(seen.split(' ').length).toBeGreaterThan(2);
});

test('what an op needs and the build was not granted is refused by name', async () => {
  const on = await OnEngine.open();
  await expect(on.run('true', { network: 'host' })).rejects.toThrow('network.host is not allowed');
  await expect(on.run('true', { security: 'insecure' })).rejects.toThrow('security.insecure is not allowed');
});

const effective = "grep CapEff /proc/self/status | tr -s '\\t ' ' '";

test('security insecure: all capabilities; sandbox: few', async (context) => {
  const on = await OnEngine.open();
  const sandboxed = await on.run(effective);
  const granted = on.run(effective, { security: 'insecure' }, { entitlements: ['security.insecure'] });
  const insecure = await granted.catch((error: Error) => error.message);
  if (!on.caps.llb.has('mergeop') && insecure.startsWith('executor failed running')) {
    context.skip("no security insecure: old engines ask for capabilities that newer systems don't give");
  }
  const bits = (line: string): bigint => BigInt(`0x${/CapEff: ([0-9a-f]+)/.exec(line)?.[1]}`);
  expect(bits(insecure) & ~bits(sandboxed)).toBeGreaterThan(0n);
  expect(bits(sandboxed) & (1n << 21n)).toBe(0n); // CAP_SYS_ADMIN
  expect(bits(insecure) & (1n << 21n)).not.toBe(0n);
});

test('an entitlement that there is not', async () => {
  const on = await OnEngine.open();
  await expect(on.run('true', {}, { entitlements: ['no.such'] })).rejects.toThrow('no.such');
});
