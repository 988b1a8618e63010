import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { unverifiedDownload } from './unverified-download.js';

describe('unverified-download', () => {
  test('finds downloads without a checksum', () => {
    expect(
      findingsOf(
        unverifiedDownload,
        `fs a() {
	http "https://example.org/x"
}

fs b() {
	copy http("https://example.org/x") "/x" "/x"
}

fs c() {
	http "https://example.org/x" with chmod(0o755)
}
`,
      ),
    ).toEqual(['2:2 http', '6:7 http', '10:2 http']);
  });

  test('leaves alone what has one, or may have one', () => {
    expect(
      findingsOf(
        unverifiedDownload,
        `fs a(option::http o) {
	http "https://example.org/x" with checksum("sha256:beefdbd8a1da6d2915566fde36db9db0b524eb737fc57cd1367effd16dc0d06d")
	http "https://example.org/x" with o
}
`,
      ),
    ).toEqual([]);
  });
});
