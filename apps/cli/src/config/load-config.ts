import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CommandError, usageError } from '../command-error.js';
import type { Io } from '../process/io.js';
import { displayName } from '../source/source-input.js';
import { checkConfig } from './check-config.js';
import type { Config } from './config.js';
import type { ConfigAnswer } from './workers/config-worker.js';
import { workerFile } from './workers/worker-files.js';

/** How long a configuration may take to load, in milliseconds. */
const timeLimit = 60_000;

/** Reads and checks a configuration, of an absolute path. Throws a `CommandError` that says what is wrong with it. */
export async function loadConfig(io: Io, path: string): Promise<Config> {
  const shown = displayName(io.cwd, path);
  if (!existsSync(path)) throw usageError(`there is no configuration ${shown}`);
  const value = path.endsWith('.json') ? await readJson(path, shown) : await readModule(io, path, shown);
  return checkConfig(path, shown, value);
}

async function readJson(path: string, shown: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandError(`cannot read ${JSON.stringify(shown)}: ${messageOf(error)}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${shown} is no JSON: ${messageOf(error)}`);
  }
}

/** The default export of a module, run in a thread of its own: it may do anything, and what it does must not hold or end ours. */
async function readModule(io: Io, path: string, shown: string): Promise<unknown> {
  const url = pathToFileURL(path).href;
  const worker = new Worker(await workerFile(io, 'config-worker'), {
    workerData: { url },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (printed: Uint8Array) => io.stderr.write(printed));
  }
  try {
    const answer = await answerOf(worker);
    if (answer.kind === 'config') return answer.value;
    const place =
      answer.place === undefined ? '' : ` (at ${answer.place.replace(`${pathToFileURL(io.cwd).href}/`, '')})`;
    throw usageError(`${shown} can't be loaded: ${answer.message}${place}`, ...answer.helps);
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker): Promise<ConfigAnswer> {
  return new Promise((resolve) => {
    const fail = (message: string): void => resolve({ kind: 'failed', message, place: undefined, helps: [] });
    const limit = setTimeout(() => fail(`it did not end within ${timeLimit / 1000} s`), timeLimit);
    worker.once('message', resolve);
    worker.once('error', (error) => fail(messageOf(error)));
    worker.once('exit', () => {
      clearTimeout(limit);
      fail('it ended the thread that it is read in');
    });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
