import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import pinImages from './index.js';
import { lockOf } from './lock-of.js';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const lock = { 'alpine:3.20': digest, 'ghcr.io/acme/tool': digest };

const before = `
  %0 = image "alpine:3.20"
  %1 = image "ghcr.io/acme/tool" platform=("linux", "arm64")
  %2 = image "busybox@${digest}"`;

const after = `
  %0 = image "alpine:3.20@${digest}"
  %1 = image "ghcr.io/acme/tool@${digest}" platform=("linux", "arm64")
  %2 = image "busybox@${digest}"`;

test('pins by the lock file what names no digest', async () => {
  const { text, diagnostics, stats } = await applyPass(pinImages, before, { passOptions: { lock } });
  assert.equal(text, formatIr(after));
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(stats, [{ name: 'images without a digest', before: 2, after: 0 }]);
});

test('refuses images that the lock file does not have', async () => {
  const text = '%0 = image "constructor"\n%1 = host-env "IMAGE"\n%2 = image %1';
  const { diagnostics } = await applyPass(pinImages, text, { passOptions: { lock } });
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['there is no digest for constructor', 'an image whose name is known only later cannot be pinned'],
  );
});

test('refuses what is no lock file', async () => {
  await assert.rejects(applyPass(pinImages, before), /option lock .*: expected the content of a lock file/);
  await assert.rejects(
    applyPass(pinImages, before, { passOptions: { lock: { alpine: 'latest' } } }),
    /option lock\.alpine .*: expected a digest/,
  );
});

test('a lock file is made of what was pinned', () => {
  assert.deepEqual(lockOf(after), { 'alpine:3.20': digest, busybox: digest, 'ghcr.io/acme/tool': digest });
});

test('keeps what every pass must keep', () => checkPass(pinImages, { passOptions: { lock } }));
