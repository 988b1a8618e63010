import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { otherSuites, suiteFiles } from './tests/support/other-suites.js';
import { receiveWorker } from './tests/support/receive-worker.js';

// Tests and tools run on the sources: the `@hlb/source` condition in each package's `exports` names them.
const conditions = ['@hlb/source', 'node', 'import', 'default'];

const folders = ['libs/*/src', 'apps/*/src', 'tests'];
const notTests = ['**/node_modules/**', '**/dist/**', '**/fixtures/**'];

/** Needs a BuildKit engine, which is started when a test of this project is run; one file at a time, as they share it. */
function engineProject(name: string, include: readonly string[]): TestProjectConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [...include],
      exclude: notTests,
      globalSetup: ['tests/support/engine-global-setup.ts'],
      fileParallelism: false,
    },
  };
}

export default defineConfig({
  plugins: [receiveWorker()],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // Only what hangs takes so long: on a busy machine a test may take many times what it takes alone.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // By default a second, which passes on a machine that is busy. Less than a test's limit, so that what is missing is told.
    expect: { poll: { timeout: 50_000 } },
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: folders.map((folder) => `${folder}/**/*.test.ts`),
          exclude: [...notTests, '**/*.engine.test.ts'],
        },
      },
      engineProject(
        'engine',
        folders.map((folder) => `${folder}/**/*.engine.test.ts`),
      ),
      // The client again on the oldest and the newest engine that Debian has.
      ...otherSuites().map((suite) => engineProject(`engine-${suite}`, suiteFiles())),
    ],
  },
});
