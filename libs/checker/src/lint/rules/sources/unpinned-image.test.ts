import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { unpinnedImage } from './unpinned-image.js';

describe('unpinned-image', () => {
  test('finds images and frontends without a digest', () => {
    expect(
      findingsOf(
        unpinnedImage,
        `fs a() {
	image "alpine"
}

fs b() {
	frontend "docker/dockerfile:1"
}
`,
      ),
    ).toEqual(['2:8 "alpine"', '6:11 "docker/dockerfile:1"']);
  });

  test('leaves digests alone, and names that only evaluating gives', () => {
    expect(
      findingsOf(
        unpinnedImage,
        `fs a(string tag) {
	image "alpine@sha256:beefdbd8a1da6d2915566fde36db9db0b524eb737fc57cd1367effd16dc0d06d"
	image "alpine:\${tag}"
}
`,
      ),
    ).toEqual([]);
  });
});
