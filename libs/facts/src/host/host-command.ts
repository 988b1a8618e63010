import { spawn } from 'node:child_process';
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandRequest, CommandResult } from '../facts.js';
import { errorCode } from './host-files.js';

/** Runs a command without input; rejects with a sentence where it can't be started, and with the signal's reason when aborted. */
export async function runCommand(
  request: CommandRequest,
  environment: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
): Promise<CommandResult> {
  if (request.capture !== 'both') {
    const { streams, exit } = await run(request, environment, signal, undefined);
    const [stdout, stderr] = streams;
    const [output, discarded] = request.capture === 'stdout' ? [stdout, stderr] : [stderr, stdout];
    return { output, discarded, exit };
  }
  // Only writers of one open file are sure to keep the order among them: two pipes would be read in any order.
  const directory = await mkdtemp(join(tmpdir(), 'hlb-command-'));
  try {
    const path = join(directory, 'output');
    const file = await open(path, 'a');
    try {
      const { exit } = await run(request, environment, signal, file);
      return { output: await readFile(path, 'utf8'), discarded: '', exit };
    } finally {
      await file.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Ended {
  /** What it wrote to stdout and stderr; empty where that went to a file. */
  readonly streams: readonly [string, string];
  readonly exit: number | string;
}

function run(
  request: CommandRequest,
  environment: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
  file: FileHandle | undefined,
): Promise<Ended> {
  const [program = '', ...args] = request.args;
  const output = file?.fd ?? 'pipe';
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: request.cwd,
      env: Object.fromEntries(environment),
      stdio: ['ignore', output, output],
      ...(signal === undefined ? {} : { signal }),
    });
    const read: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on('data', (data: Buffer) => read[0].push(data));
    child.stderr?.on('data', (data: Buffer) => read[1].push(data));
    child.on('error', (error) => {
      if (signal?.aborted === true) reject(signal.reason);
      else reject(new Error(`${program} can't be run in ${request.cwd} (${errorCode(error)})`, { cause: error }));
    });
    child.on('close', (code, by) => {
      const [stdout, stderr] = read;
      resolve({
        streams: [Buffer.concat(stdout).toString('utf8'), Buffer.concat(stderr).toString('utf8')],
        exit: code ?? by ?? 'unknown',
      });
    });
  });
}
