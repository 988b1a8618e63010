import { defineConfig } from 'vitest/config';

// Tests and tools run on the sources: the `@hlb/source` condition in each package's `exports` names them.
const conditions = ['@hlb/source', 'node', 'import', 'default'];

const folders = ['libs/*/src', 'apps/*/src', 'tests'];
const notTests = ['**/node_modules/**', '**/dist/**', '**/fixtures/**'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
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
      {
        extends: true,
        test: {
          // Needs a BuildKit engine, which is started when a test of this project is run; one file at a time, as they share it.
          name: 'engine',
          include: folders.map((folder) => `${folder}/**/*.engine.test.ts`),
          exclude: notTests,
          globalSetup: ['tests/support/engine-global-setup.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
});
