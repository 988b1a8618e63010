import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { COUNT, checkArguments, type Form, fields, list, OBJECT, optional, TEXT, WORD } from '../../arguments/forms.js';
import { errnoOf, printable, systemError, TransferError } from '../transfer-error.js';
import { parseDigest } from './digest.js';

/** A reference to a blob (OCI image specification). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The whole name of an image, as containerd keeps it. */
const IMAGE_NAME = 'io.containerd.image.name';
/** A tag. */
const REF_NAME = 'org.opencontainers.image.ref.name';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

const DESCRIPTOR: Form = fields({ mediaType: TEXT, digest: TEXT, size: COUNT, annotations: optional(OBJECT) });
const ENTER_OPTIONS: Form = fields({ names: optional(list(TEXT)), tag: optional(TEXT) });

/** Changes of one index must not overlap within this process; each is one rename, so that no reader sees half of it. */
const writing = new Map<string, Promise<unknown>>();

/** A directory in the OCI image layout: where images and caches are exported to and imported from. */
export class OciLayout {
  readonly path: string;

  constructor(path: string) {
    checkArguments('OciLayout', { path: [path, WORD] });
    this.path = resolve(path);
  }

  /** A blob's file. */
  blobPath(digest: string): string {
    checkArguments('blobPath', { digest: [digest, TEXT] });
    const { algorithm, hex } = parseDigest(digest);
    return join(this.path, 'blobs', algorithm, hex);
  }

  /** Makes the directory and the files that make it a layout, as far as they are missing. */
  async create(): Promise<void> {
    try {
      await mkdir(join(this.path, 'blobs', 'sha256'), { recursive: true });
      await writeFile(join(this.path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}', { flag: 'wx' });
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw systemError(error, 'write', this.path);
    }
  }

  /**
   * Finds what a name or tag means: by the whole name first, then by the tag. A digest among the index's entries is found too.
   *
   * @throws TransferError if the index can't be read
   */
  async resolve(reference: string): Promise<Descriptor | undefined> {
    checkArguments('resolve', { reference: [reference, TEXT] });
    const manifests = await this.#manifests();
    return (
      manifests.find((entry) => entry.annotations?.[IMAGE_NAME] === reference) ??
      manifests.find((entry) => entry.annotations?.[REF_NAME] === reference) ??
      manifests.find((entry) => entry.digest === reference)
    );
  }

  /**
   * Enters what was exported into the index: under each image name, or under a tag. Entries of the same name are replaced.
   *
   * @param names of an image, whole (`docker.io/library/x:1`); `tag` is used without any, `latest` by default
   */
  async enter(
    descriptor: Descriptor,
    options: { readonly names?: readonly string[]; readonly tag?: string } = {},
  ): Promise<void> {
    checkArguments('enter', { descriptor: [descriptor, DESCRIPTOR], options: [options, ENTER_OPTIONS] });
    parseDigest(descriptor.digest);
    const names = options.names ?? [];
    const annotations: Record<string, string>[] =
      names.length > 0
        ? names.map((name) => ({ [IMAGE_NAME]: name, [REF_NAME]: tagOf(name) }))
        : [{ [REF_NAME]: options.tag ?? 'latest' }];
    await this.#exclusively(async () => {
      await this.create();
      let manifests = await this.#manifests();
      for (const added of annotations) {
        const key = IMAGE_NAME in added ? IMAGE_NAME : REF_NAME;
        manifests = [
          ...manifests.filter((entry) => entry.annotations?.[key] !== added[key]),
          { ...descriptor, annotations: { ...descriptor.annotations, ...added } },
        ];
      }
      await this.#write(manifests);
    });
  }

  get #index(): string {
    return join(this.path, 'index.json');
  }

  async #manifests(): Promise<readonly Descriptor[]> {
    let text: string;
    try {
      text = await readFile(this.#index, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw systemError(error, 'read', this.#index);
    }
    try {
      const parsed: unknown = JSON.parse(text);
      const manifests: unknown =
        typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'manifests') : undefined;
      return Array.isArray(manifests) ? manifests.filter(isDescriptor) : [];
    } catch (error) {
      throw new TransferError('io', this.#index, `${printable(this.#index)} is not valid JSON`, { cause: error });
    }
  }

  async #write(manifests: readonly Descriptor[]): Promise<void> {
    const temporary = `${this.#index}.${randomBytes(6).toString('hex')}`;
    try {
      await writeFile(temporary, JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }));
      await rename(temporary, this.#index);
    } catch (error) {
      await rm(temporary, { force: true });
      throw systemError(error, 'write', this.#index);
    }
  }

  async #exclusively(change: () => Promise<void>): Promise<void> {
    const mine = (writing.get(this.path) ?? Promise.resolve()).catch(() => undefined).then(change);
    writing.set(this.path, mine);
    try {
      await mine;
    } finally {
      if (writing.get(this.path) === mine) writing.delete(this.path);
    }
  }
}

/** Whether foreign JSON is a descriptor. */
export function isDescriptor(value: unknown): value is Descriptor {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'digest') === 'string' &&
    typeof Reflect.get(value, 'mediaType') === 'string' &&
    typeof Reflect.get(value, 'size') === 'number'
  );
}

/** The tag of an image's name: after the last colon, if no path follows it. */
function tagOf(name: string): string {
  const [withoutDigest = ''] = name.split('@');
  const colon = withoutDigest.lastIndexOf(':');
  return colon > withoutDigest.lastIndexOf('/') ? withoutDigest.slice(colon + 1) : 'latest';
}
