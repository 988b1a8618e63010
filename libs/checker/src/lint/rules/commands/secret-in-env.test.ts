import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { secretInEnv } from './secret-in-env.js';

describe('secret-in-env', () => {
  test('finds variables, labels and build arguments', () => {
    expect(
      findingsOf(
        secretInEnv,
        `fs default() {
	image "alpine"
	env "DB_PASSWORD" "x"
	label "api_key" "x"
	run "x" with env("GITHUB_TOKEN", localEnv("GITHUB_TOKEN"))
	frontend "docker/dockerfile" with opt("build-arg:SECRET", "x")
}
`,
      ),
    ).toEqual(['3:6 "DB_PASSWORD"', '4:8 "api_key"', '5:19 "GITHUB_TOKEN"', '6:40 "build-arg:SECRET"']);
  });

  test('leaves alone what only names a place, is empty or means something else', () => {
    expect(
      findingsOf(
        secretInEnv,
        `fs default() {
	image "alpine"
	env "PASSWORD_FILE" "/run/password"
	env "TOKEN" ""
	env "TOKENIZERS_PARALLELISM" "false"
	env "KEYBOARD" "us"
}
`,
      ),
    ).toEqual([]);
  });
});
