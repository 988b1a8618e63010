import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** PKCS #8 of an Ed25519 key up to its 32-byte seed (RFC 8410). */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Bytes of a host's seed, as Go's clients make them. */
const SEED_BYTES = 16;

/**
 * The key by which an engine tells this client apart for one registry and one run of the daemon: tokens that the client has fetched are
 * shared only with sessions that can sign with it. Clients without credentials share the key that has no seed.
 */
export class TokenAuthority {
  readonly #key: KeyObject;

  /** @param seed of the host; `undefined` without credentials */
  constructor(salt: Uint8Array, seed: Uint8Array | undefined) {
    const mac = createHmac('sha256', salt);
    if (seed) mac.update(seed);
    this.#key = createPrivateKey({ key: Buffer.concat([ED25519_PREFIX, mac.digest()]), format: 'der', type: 'pkcs8' });
  }

  /** 32 bytes. */
  get publicKey(): Buffer {
    return Buffer.from(createPublicKey(this.#key).export({ format: 'jwk' }).x ?? '', 'base64url');
  }

  /** NaCl's signed message: the signature, then the payload. */
  sign(payload: Uint8Array): Buffer {
    return Buffer.concat([sign(null, payload, this.#key), payload]);
  }
}

/**
 * The seeds of this user's registries, in the file that Docker's clients keep them in. Several clients may write it at once: whose write
 * is lost only gets a key of its own next time. That it can't be written is no error.
 */
export class TokenSeeds {
  readonly #path: string;
  readonly #seeds = new Map<string, Promise<Buffer>>();
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** The same for a host every time. */
  seed(host: string): Promise<Buffer> {
    const known = this.#seeds.get(host);
    if (known) return known;
    const found = this.#find(host);
    this.#seeds.set(host, found);
    return found;
  }

  async #find(host: string): Promise<Buffer> {
    let made: Buffer | undefined;
    const finding = this.#writing.then(async () => {
      const stored = await this.#read();
      const encoded = stored[host]?.Seed;
      if (encoded !== undefined) return Buffer.from(encoded, 'base64');
      made = randomBytes(SEED_BYTES);
      await this.#write({ ...stored, [host]: { Seed: made.toString('base64') } });
      return made;
    });
    this.#writing = finding.then(
      () => undefined,
      () => undefined,
    );
    return await finding;
  }

  async #read(): Promise<Record<string, { readonly Seed: string }>> {
    const seeds: Record<string, { readonly Seed: string }> = {};
    try {
      const stored: unknown = JSON.parse(await readFile(this.#path, 'utf8'));
      if (typeof stored !== 'object' || stored === null) return seeds;
      for (const [host, entry] of Object.entries(stored)) {
        const seed: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'Seed') : undefined;
        if (typeof seed === 'string') seeds[host] = { Seed: seed };
      }
    } catch {
      // Absent or damaged: as if there were none.
    }
    return seeds;
  }

  async #write(seeds: Record<string, { readonly Seed: string }>): Promise<void> {
    const temporary = `${this.#path}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await writeFile(temporary, JSON.stringify(seeds), { mode: 0o600 });
      await rename(temporary, this.#path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }
}
