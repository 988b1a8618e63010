import { randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { CALLBACK, checkArguments, TEXT } from '../arguments/forms.js';
import { Auth, type AuthOptions } from './auth/auth.js';
import { type ContentStore, ContentStores } from './content/content.js';
import { exporterHandlers, type SessionExporter } from './exporter.js';
import type { OutputTarget } from './file-send/target.js';
import { type TargetHandle, Targets } from './file-send/targets.js';
import { Directories, type LocalDirectory } from './file-sync/directories.js';
import { type CallHandler, type GrpcConnection, serveGrpc } from './grpc/server.js';
import { checkHealth, watchHealth } from './health.js';
import { type PolicyVerifier, policyHandlers } from './policy.js';
import { type Secret, Secrets } from './secrets/secrets.js';
import {
  AGENT,
  CONTENT_STORE,
  DIRECTORY,
  SECRET,
  SESSION_OPTIONS,
  TARGET,
  TRANSPORT,
  UPLOAD,
} from './session-forms.js';
import { Agents, type ForwardedAgent } from './ssh/agents.js';
import { type DirectoryListener, type TransferListener, TransferLog } from './transfers.js';
import { type UploadSource, Uploads } from './upload.js';

/** What a session needs of a connection: a stream on which the engine is the gRPC client. */
export interface SessionTransport {
  /** Header names and values, in order, names repeated. */
  openSessionStream(headers: readonly (readonly [string, string])[], signal?: AbortSignal): Promise<Duplex>;
}

export interface SessionOptions {
  /** The session's id; 25 random base-36 characters by default. An id must never be used twice. */
  readonly id?: string;
  /** Shown by old engines. */
  readonly name?: string;
  /**
   * A key of this client that stays the same between runs: part of the key under which the engine keeps transferred directories, so that
   * only changes are sent again.
   */
  readonly sharedKey?: string;
  /** Interval and timeout of the engine's health check, in ms (at least 1000); one failure is then fatal. Engines from 0.30. */
  readonly healthTimeout?: number;
  /**
   * Answers for registries with this user's credentials; without it engines can use those alone that need none. `{}` means Docker's own
   * configuration.
   */
  readonly auth?: AuthOptions;
  /** Chooses exporters when the result is there. */
  readonly exporter?: SessionExporter;
  /** Decides about sources. */
  readonly policy?: PolicyVerifier;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/** What the engine may ask of this client, and where outputs go. Everything may be added while builds run. */
export interface Session {
  /** Goes into `SolveRequest.Session` and `local.session`. */
  readonly id: string;
  /**
   * The engine may read this directory under its name, within its patterns. Registered again, a name is replaced.
   */
  addDirectory(directory: LocalDirectory): void;
  removeDirectory(name: string): void;
  /** Awaits the output with this place in a solve's exporters. */
  addTarget(target: OutputTarget): TargetHandle;
  /** The engine may ask for this secret by its id. Registered again, an id is replaced. */
  addSecret(secret: Secret): void;
  removeSecret(id: string): void;
  /** SSH mounts with this id reach this agent, these keys or this server. Registered again, an id is replaced. */
  addAgent(agent: ForwardedAgent): void;
  removeAgent(id: string): void;
  /** The engine may read, or write, blobs in this directory. Registered again, an id is replaced. */
  addContentStore(store: ContentStore): void;
  removeContentStore(id: string): void;
  /** Offers bytes to the engine, once, under the address that it returns: `context` of a frontend, or an `http` source. */
  addUpload(source: UploadSource): string;
  /** Tells of every transfer as it goes on. Returns the function that ends it. */
  onTransfer(listener: TransferListener): () => void;
  /** Tells of every directory that the engine asks for, and of what is in it as it is announced. Returns the function that ends it. */
  onDirectory(listener: DirectoryListener): () => void;
  /** Settles when the connection is gone: with `undefined` after `close`, otherwise with what ended it, if that is known. */
  readonly closed: Promise<Error | undefined>;
  /** Ends everything that runs, gives up outputs that aren't committed, and leaves no handle behind. */
  close(): Promise<void>;
  /** As {@link close}: `await using session = await openSession(…)`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a session: the server stands and can answer when this resolves. */
export async function openSession(connection: SessionTransport, options: SessionOptions = {}): Promise<Session> {
  checkArguments('openSession', { connection: [connection, TRANSPORT], options: [options, SESSION_OPTIONS] });
  const id = options.id ?? newSessionId();
  const attachables = new Attachables(options);
  const headers = sessionHeaders(id, options, attachables.handlers.keys());
  const duplex = await connection.openSessionStream(headers, options.signal);
  return new OpenSession(id, serveGrpc(duplex, attachables.handlers), attachables);
}

/** All services of a session, whether anything is registered with them yet or not. */
class Attachables {
  readonly log = new TransferLog();
  readonly directories = new Directories(this.log);
  readonly targets = new Targets(this.log);
  readonly secrets = new Secrets();
  readonly agents = new Agents();

  readonly contents = new ContentStores();
  readonly uploads = new Uploads();
  readonly #auth: Auth | undefined;

  /** By path. The engine learns of these methods when the session is opened, and of no others. */
  readonly handlers: ReadonlyMap<string, CallHandler>;

  constructor(options: SessionOptions) {
    this.#auth = options.auth && new Auth(options.auth);
    this.handlers = new Map<string, CallHandler>([
      ['/grpc.health.v1.Health/Check', checkHealth],
      ['/grpc.health.v1.Health/Watch', watchHealth],
      ['/moby.filesync.v1.FileSync/DiffCopy', (call) => this.directories.diffCopy(call)],
      ['/moby.filesync.v1.FileSend/DiffCopy', (call) => this.targets.diffCopy(call)],
      ['/moby.buildkit.secrets.v1.Secrets/GetSecret', this.secrets.getSecret],
      ['/moby.sshforward.v1.SSH/CheckAgent', this.agents.checkAgent],
      ['/moby.sshforward.v1.SSH/ForwardAgent', (call) => this.agents.forwardAgent(call)],
      ['/moby.upload.v1.Upload/Pull', (call) => this.uploads.pull(call)],
      ...this.contents.handlers,
      ...(this.#auth?.handlers ?? []),
      ...(options.exporter ? exporterHandlers(options.exporter) : []),
      ...(options.policy ? policyHandlers(options.policy) : []),
    ]);
  }

  /** Gives up what waits for others, and removes what is half written. To be called when no call runs any more, or with those that do. */
  async close(): Promise<void> {
    this.#auth?.close();
    this.uploads.close();
    await this.contents.close();
  }
}

class OpenSession implements Session {
  readonly id: string;
  readonly closed: Promise<Error | undefined>;
  readonly #connection: GrpcConnection;
  readonly #attachables: Attachables;
  #closing: Promise<void> | undefined;

  constructor(id: string, connection: GrpcConnection, attachables: Attachables) {
    this.id = id;
    this.#connection = connection;
    this.#attachables = attachables;
    this.closed = connection.closed.then((error) => (this.#closing ? undefined : error));
  }

  addDirectory(directory: LocalDirectory): void {
    checkArguments('addDirectory', { directory: [directory, DIRECTORY] });
    this.#attachables.directories.add(directory);
  }

  removeDirectory(name: string): void {
    checkArguments('removeDirectory', { name: [name, TEXT] });
    this.#attachables.directories.remove(name);
  }

  addTarget(target: OutputTarget): TargetHandle {
    checkArguments('addTarget', { target: [target, TARGET] });
    return this.#attachables.targets.add(target);
  }

  addSecret(secret: Secret): void {
    checkArguments('addSecret', { secret: [secret, SECRET] });
    this.#attachables.secrets.add(secret);
  }

  removeSecret(id: string): void {
    checkArguments('removeSecret', { id: [id, TEXT] });
    this.#attachables.secrets.remove(id);
  }

  addAgent(agent: ForwardedAgent): void {
    checkArguments('addAgent', { agent: [agent, AGENT] });
    this.#attachables.agents.add(agent);
  }

  removeAgent(id: string): void {
    checkArguments('removeAgent', { id: [id, TEXT] });
    this.#attachables.agents.remove(id);
  }

  addContentStore(store: ContentStore): void {
    checkArguments('addContentStore', { store: [store, CONTENT_STORE] });
    this.#attachables.contents.add(store);
  }

  removeContentStore(id: string): void {
    checkArguments('removeContentStore', { id: [id, TEXT] });
    this.#attachables.contents.remove(id);
  }

  addUpload(source: UploadSource): string {
    checkArguments('addUpload', { source: [source, UPLOAD] });
    return this.#attachables.uploads.add(source);
  }

  onTransfer(listener: TransferListener): () => void {
    checkArguments('onTransfer', { listener: [listener, CALLBACK] });
    return this.#attachables.log.listen(listener);
  }

  onDirectory(listener: DirectoryListener): () => void {
    checkArguments('onDirectory', { listener: [listener, CALLBACK] });
    return this.#attachables.log.watch(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([this.#attachables.targets.discardAll(), this.#connection.close()]);
    await this.#attachables.close();
  }
}

const BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** 25 base-36 characters, as Go's clients make them: about 129 bits. */
function newSessionId(): string {
  return Array.from({ length: 25 }, () => BASE_36[randomInt(36)]).join('');
}

function sessionHeaders(id: string, options: SessionOptions, methods: Iterable<string>): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [
    ['X-Docker-Expose-Session-Uuid', id],
    ['X-Docker-Expose-Session-Name', options.name ?? ''],
    ['X-Docker-Expose-Session-Sharedkey', options.sharedKey ?? ''],
  ];
  for (const method of methods) headers.push(['X-Docker-Expose-Session-Grpc-Method', method]);
  if (options.healthTimeout !== undefined) {
    headers.push(['X-Buildkit-Session-Health-Custom-Timeout', String(options.healthTimeout)]);
  }
  return headers;
}
