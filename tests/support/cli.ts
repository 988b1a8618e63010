import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { buildHelp } from '../../apps/cli/build-help.js';
import { buildWorkers } from '../../apps/cli/build-workers.js';
import { main } from '../../apps/cli/src/main.js';

/** What a command gave. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the CLI in this process, on pipes. */
export async function cli(
  args: readonly string[],
  options: { readonly cwd?: string; readonly stdin?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const stdout = capture();
  const stderr = capture();
  const code = await main(args, {
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? { HOME: process.env.HOME, PATH: process.env.PATH },
    cwd: options.cwd ?? process.cwd(),
    beside,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A folder of its own for the test that asks, with files; deleted when the test has ended. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}

let built: Promise<URL> | undefined;

/** What the build puts beside the bundle, made once in each process that wants it. */
function beside(): Promise<URL> {
  built ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hlb-beside-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await buildWorkers(folder);
    buildHelp(folder);
    return pathToFileURL(`${folder}/`);
  })();
  return built;
}

function capture(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
