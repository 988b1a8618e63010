import type { AgentKey } from './key.js';
import { SshReader, sshString, sshUint32 } from './wire.js';

/** Message numbers of the agent protocol (draft-miller-ssh-agent). */
const FAILURE = 5;
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;

/** The largest message, in bytes: OpenSSH's own limit. */
const MAX_MESSAGE = 256 * 1024;

/** Answers one message of the protocol, without its length. */
export type AgentBackend = (message: Buffer) => Promise<Buffer>;

/** The answer to everything that a build may not do. */
export const AGENT_FAILURE: Buffer = Buffer.from([FAILURE]);

/** Whether a build may ask this of an agent: list keys and sign. It can't add, remove, lock, or use extensions. */
export function isAllowed(message: Buffer): boolean {
  return message[0] === REQUEST_IDENTITIES || message[0] === SIGN_REQUEST;
}

/** An agent in memory, which holds these keys. */
export function keyAgent(keys: readonly AgentKey[]): AgentBackend {
  return async (message) => {
    if (message[0] === REQUEST_IDENTITIES) {
      const identities = keys.flatMap((key) => [sshString(key.blob), sshString(key.comment)]);
      return Buffer.concat([Buffer.from([IDENTITIES_ANSWER]), sshUint32(keys.length), ...identities]);
    }
    if (message[0] !== SIGN_REQUEST) return AGENT_FAILURE;
    try {
      const request = new SshReader(message.subarray(1));
      const blob = request.string();
      const data = request.string();
      const flags = request.uint32();
      const key = keys.find((candidate) => candidate.blob.equals(blob));
      if (!key) return AGENT_FAILURE;
      return Buffer.concat([Buffer.from([SIGN_RESPONSE]), sshString(key.sign(data, flags))]);
    } catch {
      return AGENT_FAILURE;
    }
  };
}

/** Cuts a stream of the protocol into messages, without their lengths. */
export class AgentMessages {
  #buffer: Buffer = Buffer.alloc(0);

  /** Throws an `Error` for a message that is larger than any that makes sense. */
  push(chunk: Buffer): Buffer[] {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const messages: Buffer[] = [];
    while (this.#buffer.length >= 4) {
      const length = this.#buffer.readUInt32BE(0);
      if (length === 0 || length > MAX_MESSAGE) throw new Error(`an agent message of ${length} bytes`);
      if (this.#buffer.length < 4 + length) break;
      messages.push(this.#buffer.subarray(4, 4 + length));
      this.#buffer = this.#buffer.subarray(4 + length);
    }
    return messages;
  }
}
