import { spawn } from 'node:child_process';
import { readdir, readlink, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { abortedError, EngineError, throwIfAborted } from '../engine-error.js';
import { withResolvers } from './command.js';
import { makeFolder } from './folder.js';

/** Of util-linux, which Debian and Ubuntu always have. */
const lockCommand = 'flock';

/** A lock that is held; it ends with `release`, or with the process, however that ends. */
export interface FileLock {
  release(): Promise<void>;
}

/** How a lock is taken: who else may hold it, and what happens when it isn't free. */
export interface LockOptions {
  readonly mode?: 'exclusive' | 'shared';
  readonly signal?: AbortSignal | undefined;
  /** Called once when the lock is held by another process. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Takes the lock on `file` (made when missing) and waits while another process holds it.
 *
 * Node can't call flock(2), so a process of `flock` holds the lock for us
 * for as long as the pipe to it is open. The kernel lets go of it when this process dies, so no lock is ever stale.
 */
export async function lockFile(file: string, options: LockOptions = {}): Promise<FileLock> {
  for (;;) {
    const first = await tryLockFile(file, options);
    if (first) return first;
    options.onWait?.();
    const lock = await flock(file, options, false);
    if (lock) return lock;
  }
}

/** Takes the lock on `file` if no other process holds it in a way that forbids it. */
export async function tryLockFile(file: string, options: LockOptions = {}): Promise<FileLock | undefined> {
  return flock(file, options, true);
}

/** Undefined: held by another (with `nonBlocking`), or the file was deleted while we waited for it. */
async function flock(file: string, options: LockOptions, nonBlocking: boolean): Promise<FileLock | undefined> {
  throwIfAborted(options.signal);
  await makeFolder(dirname(file));
  const mode = options.mode === 'shared' ? '--shared' : '--exclusive';
  const args = [mode, ...(nonBlocking ? ['--nonblock'] : []), '--conflict-exit-code', '75', file];
  const child = spawn(lockCommand, [...args, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { promise: held, resolve, reject } = withResolvers<boolean>();
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout.once('data', () => resolve(true));
  child.stdin.on('error', () => undefined);
  child.once('error', (error) => reject(lockError(file, error.message, error)));
  child.once('close', (code) => (code === 75 ? resolve(false) : reject(lockError(file, stderr.trim()))));
  const abort = (): void => {
    child.kill('SIGTERM');
    reject(abortedError(options.signal?.reason));
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    if (!(await held)) return undefined;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
  child.unref();
  const release = async (): Promise<void> => {
    child.ref();
    child.stdin.end();
    await closed;
  };
  if (await holdsCurrentFile(child.pid ?? 0, file)) return { release };
  await release();
  return undefined;
}

/** False when the file that the process has locked was deleted or replaced since it opened it. */
async function holdsCurrentFile(pid: number, file: string): Promise<boolean> {
  const current = await stat(file).catch(() => undefined);
  for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    const link = `/proc/${pid}/fd/${fd}`;
    const target = await readlink(link).catch(() => '');
    if (!target.startsWith('/') || !current) continue;
    const opened = await stat(link).catch(() => undefined);
    if (opened?.ino === current.ino && opened.dev === current.dev) return true;
  }
  return false;
}

function lockError(file: string, detail: string, cause?: unknown): EngineError {
  return new EngineError(
    'bad-folder',
    `The lock ${file} can't be taken: ${detail || 'flock failed'}.`,
    'Check that the folder can be written and that util-linux is installed, or set HLB_ENGINE_DIR to another folder.',
    cause,
  );
}
