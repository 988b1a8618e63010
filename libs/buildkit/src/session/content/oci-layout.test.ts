import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Descriptor, OciLayout } from './oci-layout.js';

let folder: string;
let layout: OciLayout;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layout-'));
  layout = new OciLayout(join(folder, 'new'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function descriptor(digit: string): Descriptor {
  return { mediaType: 'application/vnd.oci.image.index.v1+json', digest: `sha256:${digit.repeat(64)}`, size: 7 };
}

const index = (): { manifests: Descriptor[] } => JSON.parse(readFileSync(join(layout.path, 'index.json'), 'utf8'));

test('entries under tags, replaced by name', async () => {
  await layout.enter(descriptor('a'));
  await layout.enter(descriptor('b'), { tag: 'other' });
  await layout.enter(descriptor('c'));
  expect(JSON.parse(readFileSync(join(layout.path, 'oci-layout'), 'utf8'))).toEqual({ imageLayoutVersion: '1.0.0' });
  expect(index()).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      { ...descriptor('b'), annotations: { 'org.opencontainers.image.ref.name': 'other' } },
      { ...descriptor('c'), annotations: { 'org.opencontainers.image.ref.name': 'latest' } },
    ],
  });
  expect((await layout.resolve('latest'))?.digest).toBe(descriptor('c').digest);
  expect((await layout.resolve(descriptor('b').digest))?.size).toBe(7);
  expect(await layout.resolve('missing')).toBeUndefined();
});

test('an image under its names, which come before tags', async () => {
  await layout.enter(
    { ...descriptor('a'), annotations: { kept: 'x' } },
    { names: ['localhost:5000/x', 'docker.io/library/x:1.2'] },
  );
  expect(index().manifests.map((entry) => entry.annotations)).toEqual([
    { kept: 'x', 'io.containerd.image.name': 'localhost:5000/x', 'org.opencontainers.image.ref.name': 'latest' },
    { kept: 'x', 'io.containerd.image.name': 'docker.io/library/x:1.2', 'org.opencontainers.image.ref.name': '1.2' },
  ]);
  await layout.enter(descriptor('b'), { tag: 'docker.io/library/x:1.2' });
  expect((await layout.resolve('docker.io/library/x:1.2'))?.digest).toBe(descriptor('a').digest);
});

test('entries at the same time are all there', async () => {
  await Promise.all(
    ['a', 'b', 'c', 'd'].map((digit) => new OciLayout(layout.path).enter(descriptor(digit), { tag: digit })),
  );
  expect(
    index()
      .manifests.map((entry) => entry.annotations?.['org.opencontainers.image.ref.name'])
      .sort(),
  ).toEqual(['a', 'b', 'c', 'd']);
  expect(readdirSync(layout.path).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
});

test('an index that is no index', async () => {
  await layout.create();
  writeFileSync(join(layout.path, 'index.json'), '{');
  await expect(layout.resolve('x')).rejects.toMatchObject({ code: 'io', path: join(layout.path, 'index.json') });
  writeFileSync(join(layout.path, 'index.json'), '{"manifests":[1,{"digest":"x"}]}');
  expect(await layout.resolve('x')).toBeUndefined();
});

test('digests are checked before they become paths', async () => {
  await expect(layout.enter({ ...descriptor('a'), digest: 'sha256:../../x' })).rejects.toThrow('is not a digest');
  expect(() => layout.blobPath('sha256:..')).toThrow('is not a digest');
});
