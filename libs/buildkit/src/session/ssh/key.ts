import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { SshReader, sshInteger, sshString } from './wire.js';

/** A private key that signs for an agent. */
export interface AgentKey {
  /** The public key as SSH encodes it. */
  readonly blob: Buffer;
  readonly comment: string;
  /** A signature as SSH encodes it; `flags` are those of the agent's sign request. */
  sign(data: Buffer, flags: number): Buffer;
}

/** `SSH_AGENT_RSA_SHA2_256` and `_512`: which hash an RSA signature uses; without either, SHA-1. */
const RSA_SHA2_256 = 2;
const RSA_SHA2_512 = 4;

const CURVES: Record<string, { readonly ssh: string; readonly hash: string; readonly bytes: number }> = {
  'P-256': { ssh: 'nistp256', hash: 'sha256', bytes: 32 },
  'P-384': { ssh: 'nistp384', hash: 'sha384', bytes: 48 },
  'P-521': { ssh: 'nistp521', hash: 'sha512', bytes: 66 },
};

/**
 * Reads a private key: OpenSSH's own format, or PEM (PKCS #1, SEC 1, PKCS #8). RSA, ECDSA and Ed25519. Throws an `Error` that says what is
 * wrong with it, without any of its content.
 */
export function parsePrivateKey(file: Buffer): AgentKey {
  const text = file.toString('latin1');
  const openssh = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END OPENSSH PRIVATE KEY-----/.exec(text);
  if (openssh) return parseOpenSsh(Buffer.from(openssh[1] ?? '', 'base64'));
  if (/ENCRYPTED/.test(text)) throw protectedKey();
  let key: KeyObject;
  try {
    key = createPrivateKey(file);
  } catch (error) {
    throw new Error('it is not a private key', { cause: error });
  }
  return agentKey(key, '');
}

/** OpenSSH's `PROTOCOL.key`. */
function parseOpenSsh(bytes: Buffer): AgentKey {
  const magic = 'openssh-key-v1\0';
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) throw new Error('it is not a private key');
  try {
    const outer = new SshReader(bytes.subarray(magic.length));
    if (outer.text() !== 'none') throw protectedKey();
    outer.string(); // name of the key derivation
    outer.string(); // its options
    if (outer.uint32() !== 1) throw new Error('it does not hold exactly one key');
    outer.string(); // the public key, which the private part repeats
    const inner = new SshReader(outer.string());
    const check = inner.uint32();
    if (inner.uint32() !== check) throw new Error('it is damaged');
    const key = createPrivateKey({ key: readPrivatePart(inner), format: 'jwk' });
    return agentKey(key, inner.text());
  } catch (error) {
    if (error instanceof RangeError) throw new Error('it is damaged', { cause: error });
    throw error;
  }
}

function readPrivatePart(reader: SshReader): JsonWebKey {
  const type = reader.text();
  if (type === 'ssh-ed25519') {
    const x = reader.string();
    const seed = reader.string().subarray(0, 32);
    return { kty: 'OKP', crv: 'Ed25519', x: base64(x), d: base64(seed) };
  }
  if (type === 'ssh-rsa') {
    const [n, e, d, qi, p, q] = [0, 1, 2, 3, 4, 5].map(() => unsigned(reader.string()));
    if (!n || !e || !d || !qi || !p || !q) throw new Error('it is damaged');
    return {
      kty: 'RSA',
      n: base64(n),
      e: base64(e),
      d: base64(d),
      p: base64(p),
      q: base64(q),
      dp: base64(exponent(d, p)),
      dq: base64(exponent(d, q)),
      qi: base64(qi),
    };
  }
  const curve = Object.entries(CURVES).find(([, { ssh }]) => type === `ecdsa-sha2-${ssh}`);
  if (!curve) throw new Error(`keys of type ${JSON.stringify(type)} are not supported`);
  const [crv, { bytes }] = curve;
  reader.string(); // the curve once more
  const point = reader.string();
  const d = unsigned(reader.string());
  return {
    kty: 'EC',
    crv,
    x: base64(point.subarray(1, 1 + bytes)),
    y: base64(point.subarray(1 + bytes)),
    d: base64(Buffer.concat([Buffer.alloc(Math.max(0, bytes - d.length)), d])),
  };
}

function agentKey(key: KeyObject, comment: string): AgentKey {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  switch (key.asymmetricKeyType) {
    case 'ed25519': {
      const blob = Buffer.concat([sshString('ssh-ed25519'), sshString(bytesOf(jwk.x))]);
      return {
        blob,
        comment,
        sign: (data) => Buffer.concat([sshString('ssh-ed25519'), sshString(sign(null, data, key))]),
      };
    }
    case 'rsa': {
      const blob = Buffer.concat([sshString('ssh-rsa'), sshInteger(bytesOf(jwk.e)), sshInteger(bytesOf(jwk.n))]);
      return {
        blob,
        comment,
        sign: (data, flags) => {
          const [name, hash] = rsaAlgorithm(flags);
          return Buffer.concat([sshString(name), sshString(sign(hash, data, key))]);
        },
      };
    }
    case 'ec': {
      const curve = CURVES[jwk.crv ?? ''];
      if (!curve) throw new Error(`the curve ${jwk.crv} is not supported`);
      const name = `ecdsa-sha2-${curve.ssh}`;
      const point = Buffer.concat([Buffer.from([4]), bytesOf(jwk.x), bytesOf(jwk.y)]);
      const blob = Buffer.concat([sshString(name), sshString(curve.ssh), sshString(point)]);
      return {
        blob,
        comment,
        sign: (data) => {
          const pair = sign(curve.hash, data, { key, dsaEncoding: 'ieee-p1363' });
          const numbers = [sshInteger(pair.subarray(0, curve.bytes)), sshInteger(pair.subarray(curve.bytes))];
          return Buffer.concat([sshString(name), sshString(Buffer.concat(numbers))]);
        },
      };
    }
    default:
      throw new Error(`keys of type ${key.asymmetricKeyType} are not supported`);
  }
}

function rsaAlgorithm(flags: number): readonly [string, string] {
  if (flags & RSA_SHA2_512) return ['rsa-sha2-512', 'sha512'];
  if (flags & RSA_SHA2_256) return ['rsa-sha2-256', 'sha256'];
  return ['ssh-rsa', 'sha1'];
}

function protectedKey(): Error {
  return new Error('it is protected by a passphrase; add it to an agent and forward that');
}

/** d mod (prime - 1): what JWK wants beside what OpenSSH stores. */
function exponent(d: Buffer, prime: Buffer): Buffer {
  const value = BigInt(`0x${d.toString('hex')}`) % (BigInt(`0x${prime.toString('hex')}`) - 1n);
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function unsigned(integer: Buffer): Buffer {
  return integer[0] === 0 ? integer.subarray(1) : integer;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function bytesOf(value: string | undefined): Buffer {
  return Buffer.from(value ?? '', 'base64url');
}
