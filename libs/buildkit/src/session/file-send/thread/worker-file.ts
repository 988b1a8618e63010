import { existsSync } from 'node:fs';

// By a variable: bundlers that see a constant here copy the module alone, without what it imports.
const NAME = './receive-worker.js';

/** The module of the thread, which lies beside this one; `undefined` in sources and in bundles that were made without it. */
export function workerFile(): URL | undefined {
  try {
    const file = new URL(NAME, import.meta.url);
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined; // in a script there is no such thing as `import.meta.url`
  }
}
