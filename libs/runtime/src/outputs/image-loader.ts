import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { type Environment, parseAddress, TransferError } from '@hlb/buildkit';

/** A tool of this host that takes images in. */
export interface ImageLoader {
  /** For messages: `podman`. */
  readonly name: string;
  /** Opens what takes a Docker archive in; it has taken effect when the stream is finished, and none when it is destroyed. */
  open(): Writable;
}

/** How long a tool may take to say whether it can be used (ms): one that waits for a machine that is gone must not hold a build. */
const ANSWER_MS = 5_000;

/** The most of what a tool says that is kept for messages (bytes). */
const SAID_LIMIT = 4096;

/**
 * The tool that loads images for an engine that keeps none itself: the one that the engine is reached by, else the first of docker,
 * podman and nerdctl that answers. `undefined` where none does.
 */
export async function findImageLoader(address: string, env: Environment): Promise<ImageLoader | undefined> {
  const named = namedTool(address);
  if (named !== undefined) return loaderOf(named, env);
  for (const name of ['docker', 'podman', 'nerdctl']) {
    if (await answers([name, 'version'], env)) return loaderOf([name], env);
  }
  return undefined;
}

/** The command of an address that names one. */
function namedTool(text: string): readonly string[] | undefined {
  const address = parseAddress(text);
  switch (address.kind) {
    case 'docker-container':
      return ['docker', ...(address.scope === undefined ? [] : ['--context', address.scope])];
    case 'podman-container':
      return ['podman'];
    case 'nerdctl-container':
      return ['nerdctl', ...(address.scope === undefined ? [] : ['--namespace', address.scope])];
    default:
      return undefined;
  }
}

async function answers([command = '', ...args]: readonly string[], env: Environment): Promise<boolean> {
  const child = spawn(command, args, { env, stdio: 'ignore', timeout: ANSWER_MS });
  try {
    const [code] = await once(child, 'close');
    return code === 0;
  } catch {
    return false;
  }
}

function loaderOf([name = '', ...args]: readonly string[], env: Environment): ImageLoader {
  return { name, open: () => new LoadProcess(name, [...args, 'load'], env) };
}

/** What a load reads, as a stream that is finished when the tool has ended well. */
class LoadProcess extends Writable {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #said = '';

  constructor(command: string, args: readonly string[], env: Environment) {
    super();
    this.#name = command;
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#said = (this.#said + data.toString()).slice(-SAID_LIMIT);
    });
    // That it reads no more is told by its end.
    this.#child.stdin?.on('error', () => undefined);
    this.#ended = once(this.#child, 'close').then(
      ([code, signal]) => {
        if (code !== 0) throw this.#failure(code === null ? `was ended by ${signal}` : `failed (${code})`);
      },
      (error: unknown) => {
        throw this.#failure("can't be run", error);
      },
    );
    this.#ended.catch((error: Error) => this.destroy(error));
  }

  override _write(data: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const { stdin } = this.#child;
    if (stdin === null || stdin.write(data)) done();
    // Where it reads no more, its end says why.
    else Promise.race([once(stdin, 'drain').catch(() => this.#ended), this.#ended]).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin?.end();
    this.#ended.then(() => done(), done);
  }

  /** An archive that is cut off is no image: the tool must not see its end. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
    done(error);
  }

  #failure(what: string, cause?: unknown): TransferError {
    const said = this.#said.trim();
    const message = `${this.#name} load ${what}${said === '' ? '' : `: ${said}`}`;
    return new TransferError('io', this.#name, message, { cause });
  }
}
