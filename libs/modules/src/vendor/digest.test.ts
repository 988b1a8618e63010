import { type Definition, definitionOutput, file, imageSource, marshal, type Output, parsePlatform } from '@hlb/llb';
import { expect, test } from 'vitest';
import { digestFolders, vendorDigest } from './digest.js';

function defined(output: Output | undefined, platform = 'linux/amd64'): Definition {
  return marshal(output, { platform: parsePlatform(platform) });
}

test.each([
  ['linux/amd64', '910cae96bbd10612fc62366d809578920c9dd589dadd7dd0217fdbaa78de8016'],
  ['linux/arm64', 'be12564a8e7ab9a75b24755ad385c1c50a3820d3f01d1336545ec5713cfec9bf'],
])('an image for %s has the digest under which it was vendored before', (platform, hex) => {
  const image = imageSource({ ref: 'docker.io/openllb/go.hlb:latest' });
  expect(vendorDigest(defined(image, platform))).toBe(`sha256:${hex}`);
});

test('the digest covers the inputs, in any number, and not where in a program they come from', () => {
  const mkfile = (base: Output | undefined, data: string): Output =>
    file({ base, actions: [{ kind: 'mkfile', path: '/a', mode: 0o644, data: Buffer.from(data) }] });
  const chain = (text: string): Output => {
    let output = mkfile(undefined, text);
    for (let count = 0; count < 300; count += 1) output = mkfile(output, String(count));
    return output;
  };
  const [one, two] = [vendorDigest(defined(chain('1'))), vendorDigest(defined(chain('2')))];
  expect(one).not.toBe(two);
  expect(one).toBe(vendorDigest(defined(chain('1'))));
  expect(one).not.toBe(defined(chain('1')).digests.at(-2));
  expect(vendorDigest(defined(definitionOutput(defined(chain('1')))))).toBe(one);
});

test('scratch has none', () => {
  expect(vendorDigest(marshal(undefined, { platform: parsePlatform('linux/amd64') }))).toBeUndefined();
});

test('folders are named for the algorithm, the first two digits, and all of them', () => {
  const digest = vendorDigest(defined(imageSource({ ref: 'docker.io/openllb/go.hlb:latest' })));
  expect(digest === undefined ? [] : digestFolders(digest)).toEqual([
    'sha256',
    '91',
    '910cae96bbd10612fc62366d809578920c9dd589dadd7dd0217fdbaa78de8016',
  ]);
});
