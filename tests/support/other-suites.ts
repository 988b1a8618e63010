import { readFileSync } from 'node:fs';

/** Docker 20.10 and 28, beside the 26.1 of trixie that all engine tests run on. */
const DEBIAN_SUITES: readonly string[] = ['bookworm', 'sid'];

/** What differs most between engines: what is sent and exported, secrets, agents, logins, terminals, errors. */
const FILES: readonly string[] = [
  'libs/buildkit/src/session/**/*.engine.test.ts',
  'libs/buildkit/src/errors/*.engine.test.ts',
  'libs/buildkit/src/gateway/*.engine.test.ts',
  'libs/buildkit/src/control/{exporters,merge-diff,entitlements,attestations}.engine.test.ts',
];

/**
 * The suites whose engines the client is tested on, too: by default those of Debian, on a Debian, where no engine is given.
 * HLB_TEST_SUITES names others, or none.
 */
export function otherSuites(): readonly string[] {
  const { HLB_TEST_SUITES: named, HLB_TEST_ENGINE: given } = process.env;
  if (named !== undefined) return named.split(/[\s,]+/).filter((suite) => suite !== '');
  return !given && isDebian() ? DEBIAN_SUITES : [];
}

/** The files that run on them: a part that CI has the time for; with HLB_TEST_SUITES_ALL all of the client's. */
export function suiteFiles(): readonly string[] {
  return process.env['HLB_TEST_SUITES_ALL'] ? ['libs/buildkit/src/**/*.engine.test.ts'] : FILES;
}

function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
