import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { diskFullError, EngineError, orElsewhere, throwIfAborted } from '../engine-error.js';
import { lastLines } from '../host/command.js';
import { findExecutable } from '../host/executable.js';

/** With what a program of the engine is started. */
export interface ProgramOptions {
  /** Where to look for it. */
  readonly folders: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The file that gets its output; it is written anew. */
  readonly log: string;
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as the process exists, before it answers. */
  readonly onStart?: ((pid: number) => Promise<void>) | undefined;
}

/** A program of the engine that was started and answers. */
export interface DaemonProcess {
  readonly pid: number;
}

/** How long a program may take to answer, in milliseconds: a big store on a slow disk takes its time. */
const startPatience = 60_000;

/**
 * Starts a program that outlives this process and waits until `answers`. Throws `start-failed` with the end of its log
 * when it ends or doesn't answer; whatever it left is for the caller to clear up.
 */
export async function startProgram(
  name: string,
  args: readonly string[],
  options: ProgramOptions,
  answers: () => Promise<boolean>,
): Promise<DaemonProcess> {
  const path = await findExecutable(name, options.folders);
  if (path === undefined)
    throw new EngineError(
      'no-package',
      `The engine's packages don't hold ${name}.`,
      orElsewhere(`Set HLB_ENGINE_SUITE to another suite`),
    );
  const log = await open(options.log, 'w', 0o600);
  const stdio: ['ignore', number, number] = ['ignore', log.fd, log.fd];
  const child = spawn(path, [...args], { detached: true, stdio, cwd: '/', env: options.env });
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal === null ? `exit code ${code}` : signal;
  });
  child.unref();
  await log.close();
  const pid = child.pid ?? 0;
  await options.onStart?.(pid);
  const end = Date.now() + startPatience;
  while (!(await answers())) {
    throwIfAborted(options.signal);
    if (ended !== undefined) throw await startFailure(options.log, `${name} ended at once (${ended})`);
    if (Date.now() > end)
      throw await startFailure(options.log, `${name} did not answer within ${startPatience / 1000} s`);
    await delay(15);
  }
  return { pid };
}

/** What a program says in its log when it can't start, as an error. */
async function startFailure(file: string, what: string): Promise<EngineError> {
  const log = await readFile(file, 'utf8').catch(() => '');
  const tail = lastLines(log, 12);
  if (/no space left on device/i.test(tail)) return diskFullError(join(file, '../..'), new Error(tail));
  return new EngineError(
    'start-failed',
    `The engine did not start: ${what}.${tail ? `\n${tail}` : ''}`,
    orElsewhere(`Read the log ${file} (\`hlb engine purge\` starts from nothing)`),
  );
}
