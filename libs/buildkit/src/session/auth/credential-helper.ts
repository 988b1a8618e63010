import { spawn } from 'node:child_process';
import type { RegistryCredentials } from './credentials.js';

/** Output of a helper that makes sense, in bytes. */
const MAX_OUTPUT = 1024 * 1024;

/** The user name with which helpers say that the secret is an identity token. */
const TOKEN_USER = '<token>';

/** What helpers print when they have nothing: the words are the protocol. */
const NOT_FOUND = 'credentials not found in native keychain';

/** Helpers may ask the user (a keychain's password): one at a time. */
let last: Promise<unknown> = Promise.resolve();

/** Asks `docker-credential-<helper> get`. `undefined` if it has none for this host. The signal ends a helper that waits for its user. */
export function askHelper(
  helper: string,
  host: string,
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<RegistryCredentials | undefined> {
  const asking = last.then(() => ask(helper, host, env, signal));
  last = asking.catch(() => undefined);
  return asking;
}

async function ask(
  helper: string,
  host: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<RegistryCredentials | undefined> {
  signal?.throwIfAborted();
  if (!/^[\w.-]+$/.test(helper)) throw new Error(`${JSON.stringify(helper)} is not the name of a credential helper`);
  const program = `docker-credential-${helper}`;
  const { code, output } = await run(program, host, env, signal);
  if (code !== 0) {
    if (output.trim() === NOT_FOUND) return undefined;
    // Its output is its error message by protocol, but nothing says that it holds no secret.
    throw new Error(`the credential helper ${program} failed with exit code ${code}`);
  }
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    throw new Error(`the credential helper ${program} did not answer in JSON`);
  }
  const username = field(answer, 'Username');
  const secret = field(answer, 'Secret');
  return username === TOKEN_USER
    ? { username: '', password: '', identityToken: secret }
    : { username, password: secret };
}

function run(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      ...(signal === undefined ? {} : { signal }),
    });
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_OUTPUT) child.kill();
      else chunks.push(chunk);
    });
    child.stdin.on('error', () => undefined); // one that doesn't read says so by its exit code
    child.stdin.end(input);
    child.on('error', (error) => reject(new Error(`cannot run the credential helper ${program}`, { cause: error })));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

function field(answer: unknown, name: string): string {
  if (typeof answer !== 'object' || answer === null) return '';
  const value: unknown = Object.entries(answer).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : '';
}
