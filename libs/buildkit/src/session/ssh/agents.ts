import type net from 'node:net';
import { CheckAgentRequest, CheckAgentResponse } from '@hlb/proto/sshforward';
import { bytesMessage, bytesOf } from '../grpc/bytes-message.js';
import type { ServerCall } from '../grpc/call.js';
import { GrpcError } from '../grpc/grpc-error.js';
import type { CallHandler } from '../grpc/server.js';
import { unary } from '../grpc/unary.js';
import { openForReading } from '../open-for-reading.js';
import { systemError, TransferError } from '../transfer-error.js';
import { unreachable } from '../unreachable.js';
import { AGENT_FAILURE, type AgentBackend, AgentMessages, isAllowed, keyAgent } from './agent-protocol.js';
import { dial, parseSocketAddress } from './dial.js';
import { type AgentKey, parsePrivateKey } from './key.js';

/** What a build reaches through an SSH mount. The id is `default` if none is given. */
export type ForwardedAgent =
  /** The agent at a socket; a build can list its keys and sign with them, nothing else. */
  | { readonly id?: string; readonly kind: 'agent'; readonly socket: string }
  /** Key files, unencrypted, that are served by an agent in memory. */
  | { readonly id?: string; readonly kind: 'keys'; readonly files: readonly string[] }
  /** Any server, byte for byte: `unix:///path` or `tcp://host:port`. */
  | { readonly id?: string; readonly kind: 'forward'; readonly address: string };

/** The largest key file, in bytes, as Go's client has it. */
const MAX_KEY_BYTES = 100 * 1024;

/** Serves `SSH.CheckAgent` and `SSH.ForwardAgent`. */
export class Agents {
  readonly #agents = new Map<string, ForwardedAgent>();

  /** An agent of the same id is replaced. */
  add(agent: ForwardedAgent): void {
    this.#agents.set(agent.id ?? 'default', agent);
  }

  remove(id: string): void {
    this.#agents.delete(id);
  }

  readonly checkAgent: CallHandler = unary(CheckAgentRequest, CheckAgentResponse, async ({ ID: id }) => {
    const agent = this.#find(id);
    // A key that can't be used is told before the command runs that needs it.
    if (agent.kind === 'keys') await readKeys(agent.files);
    return {};
  });

  async forwardAgent(call: ServerCall): Promise<void> {
    const agent = this.#find(call.metadata.get('buildkit.ssh.id') ?? '');
    switch (agent.kind) {
      case 'keys':
        return await serveAgent(call, keyAgent(await readKeys(agent.files)));
      case 'agent':
        return await this.#withSocket(call, agent.socket, (socket) => serveAgent(call, socketAgent(socket)));
      case 'forward':
        return await this.#withSocket(call, agent.address, (socket) => pipe(call, socket));
      default:
        return unreachable(agent, 'agent');
    }
  }

  async #withSocket(call: ServerCall, address: string, use: (socket: net.Socket) => Promise<void>): Promise<void> {
    const socket = await dial(parseSocketAddress(address), call.signal);
    const end = (): void => {
      socket.destroy();
    };
    socket.on('error', end);
    call.signal.addEventListener('abort', end, { once: true });
    try {
      await use(socket);
    } finally {
      call.signal.removeEventListener('abort', end);
      socket.destroy();
    }
  }

  #find(id: string): ForwardedAgent {
    const name = id === '' ? 'default' : id;
    const agent = this.#agents.get(name);
    if (!agent) throw new GrpcError('NOT_FOUND', `unset ssh forward key ${name}`);
    return agent;
  }
}

/** One agent connection: requests are answered in order, one at a time. */
async function serveAgent(call: ServerCall, backend: AgentBackend): Promise<void> {
  const messages = new AgentMessages();
  for await (const received of call) {
    for (const message of messages.push(bytesOf(received))) {
      const answer = isAllowed(message) ? await backend(message) : AGENT_FAILURE;
      const framed = Buffer.alloc(4 + answer.length);
      framed.writeUInt32BE(answer.length);
      answer.copy(framed, 4);
      call.send(bytesMessage(framed));
    }
  }
}

/** Asks the agent at the other end of a socket. */
function socketAgent(socket: net.Socket): AgentBackend {
  const messages = new AgentMessages();
  const answers: Buffer[] = [];
  let wake: (() => void) | undefined;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    wake?.();
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      answers.push(...messages.push(chunk));
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
    wake?.();
  });
  const gone = (): void => fail(new Error('the SSH agent closed the connection'));
  socket.on('end', gone);
  socket.on('close', gone);
  return async (message) => {
    const framed = Buffer.alloc(4 + message.length);
    framed.writeUInt32BE(message.length);
    message.copy(framed, 4);
    socket.write(framed);
    for (;;) {
      const answer = answers.shift();
      if (answer) return answer;
      if (failure) throw new GrpcError('UNAVAILABLE', failure.message);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

/** Both directions until both have ended. */
async function pipe(call: ServerCall, socket: net.Socket): Promise<void> {
  const fromSocket = (async () => {
    for await (const chunk of socket) {
      call.send(bytesMessage(chunk instanceof Buffer ? chunk : Buffer.from(String(chunk))));
      await call.room();
    }
  })();
  const toSocket = (async () => {
    for await (const message of call) {
      const data = bytesOf(message);
      if (data.length > 0 && !socket.write(data)) await drained(socket);
    }
    socket.end();
  })();
  // The server at the other end decides when it is over; the container's side may have ended long before.
  try {
    await Promise.race([fromSocket, toSocket.then(() => fromSocket)]);
  } finally {
    call.stopReceiving();
    socket.destroy();
    await Promise.allSettled([fromSocket, toSocket]);
  }
}

function drained(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

async function readKeys(files: readonly string[]): Promise<readonly AgentKey[]> {
  return await Promise.all(files.map(readKey));
}

async function readKey(path: string): Promise<AgentKey> {
  let bytes: Buffer;
  try {
    const {
      file,
      stats: { size },
    } = await openForReading(path, 'the SSH key');
    try {
      if (size > MAX_KEY_BYTES) throw new GrpcError('INVALID_ARGUMENT', `the SSH key ${path} has more than 100 KiB`);
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof GrpcError && !(error instanceof TransferError)) throw error;
    throw new GrpcError('FAILED_PRECONDITION', systemError(error, 'read the SSH key', path).message, {
      cause: error,
    });
  }
  try {
    return parsePrivateKey(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GrpcError('INVALID_ARGUMENT', `cannot use the SSH key ${path}: ${reason}`, { cause: error });
  }
}
