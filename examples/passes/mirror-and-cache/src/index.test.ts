import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { readImageName } from './image-name.js';
import mirrorAndCache from './index.js';

const passOptions = { mirrors: ['docker.io=mirror.example/hub'], caches: ['/root/.npm', '/root/.cache'] };

test('takes images from the mirror, short names too', async () => {
  const { text, stats } = await applyPass(
    mirrorAndCache,
    `
    %0 = image "alpine"
    %1 = image "acme/base:9" platform=("linux", "arm64")
    %2 = image "ghcr.io/acme/tool"
    `,
    { passOptions: { mirrors: ['docker.io=mirror.example/hub'] } },
  );
  assert.equal(
    text,
    formatIr(`
    %0 = image "mirror.example/hub/library/alpine"
    %1 = image "mirror.example/hub/acme/base:9" platform=("linux", "arm64")
    %2 = image "ghcr.io/acme/tool"
    `),
  );
  assert.deepEqual(stats[0], { name: 'images of mirrored registries', before: 2, after: 0 });
});

test('gives every command the caches that it lacks', async () => {
  const { text } = await applyPass(
    mirrorAndCache,
    `
    %0 = image "ghcr.io/node"
    %1 = scratch
    %2 = run %0 ["npm ci"] { mount %1 "/root/.npm" } result=0
    `,
    { passOptions },
  );
  assert.equal(
    text,
    formatIr(`
    %0 = image "ghcr.io/node"
    %1 = scratch
    %2 = scratch
    %3 = run %0 ["npm ci"] {
      mount %1 "/root/.npm"
      mount %2 "/root/.cache" cache=("packages:/root/.cache", "shared")
    } result=0
    `),
  );
});

test('reads names as Docker does', () => {
  for (const [name, registry, rest] of [
    ['alpine', 'docker.io', 'library/alpine'],
    ['acme/x:1', 'docker.io', 'acme/x:1'],
    ['docker.io/alpine', 'docker.io', 'library/alpine'],
    ['localhost/x', 'localhost', 'x'],
    ['host:5000/a/b@sha256:1', 'host:5000', 'a/b@sha256:1'],
  ] as const) {
    assert.deepEqual(readImageName(name), { registry, rest });
  }
});

test('refuses mirrors that lead nowhere or back', async () => {
  for (const [mirror, message] of [
    ['docker.io', /REGISTRY=MIRROR, not docker\.io/],
    ['docker.io=acme', /leads back to docker\.io/],
  ] as const) {
    await assert.rejects(applyPass(mirrorAndCache, '%0 = scratch', { passOptions: { mirrors: [mirror] } }), message);
  }
});

test('keeps what every pass must keep', () => checkPass(mirrorAndCache, { passOptions }));
