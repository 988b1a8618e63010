import { createHash } from 'node:crypto';
import { normalizePlatform, type Platform, parseReference, samePlatform } from '@hlb/llb';
import { PLATFORM } from '../arguments/engine-forms.js';
import { checkArguments, fields, optional, SIGNAL, WORD } from '../arguments/forms.js';
import { list, parseJson, record, text } from '../errors/foreign-json.js';
import { CREDENTIAL_SOURCE } from '../session/session-forms.js';
import { RegistryClient, RegistryError, type RegistryOptions } from './registry-client.js';

/** What a registry serves for an image: its own bytes. */
export interface ImageManifest {
  /** Of what the reference names: an index, or the one manifest. */
  readonly digest: string;
  /** The platform's manifest. */
  readonly manifest: Buffer;
  readonly config: Buffer;
  /** Absent where the reference names a single image. */
  readonly index?: Buffer;
}

const INDEX_TYPES: readonly string[] = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFEST_TYPES: readonly string[] = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The largest that registries take (bytes). */
const MANIFEST_BYTES = 4 << 20;
const CONFIG_BYTES = 8 << 20;

/**
 * Asks an image's registry, without an engine.
 * @param ref `[REGISTRY/]NAME[:TAG][@DIGEST]`
 * @throws InvalidReferenceError, RegistryError, or the reason of the signal
 */
export async function fetchImageManifest(
  ref: string,
  platform: Platform,
  options: RegistryOptions = {},
): Promise<ImageManifest> {
  checkArguments('fetchImageManifest', {
    ref: [ref, WORD],
    platform: [platform, PLATFORM],
    options: [options, fields({ credentials: optional(CREDENTIAL_SOURCE), signal: optional(SIGNAL) })],
  });
  const reference = parseReference(ref);
  const client = new RegistryClient(reference, options);
  const first = await verified(client, 'manifests', reference.digest ?? reference.tag ?? 'latest', ref);
  if (!isIndex(first.type, first.body)) {
    return { digest: first.digest, manifest: first.body, config: await configOf(client, first.body, ref) };
  }
  const chosen = choose(first.body, platform);
  if (chosen === undefined) {
    throw new RegistryError(`${ref} has no image for ${platform.os}/${platform.architecture}${variant(platform)}`);
  }
  const { body } = await verified(client, 'manifests', chosen, ref);
  return { digest: first.digest, manifest: body, config: await configOf(client, body, ref), index: first.body };
}

async function configOf(client: RegistryClient, manifest: Buffer, ref: string): Promise<Buffer> {
  const digest = text(record(record(parseJson(manifest.toString('utf8')))['config'])['digest']);
  if (digest === '') throw new RegistryError(`${ref} is no image: its manifest names no config`);
  return (await verified(client, 'blobs', digest, ref)).body;
}

/** What stands under a tag or digest; under a digest only what has it. */
async function verified(
  client: RegistryClient,
  kind: 'manifests' | 'blobs',
  name: string,
  ref: string,
): Promise<{ readonly digest: string; readonly type: string; readonly body: Buffer }> {
  const accept = kind === 'blobs' ? '*/*' : [...INDEX_TYPES, ...MANIFEST_TYPES].join(', ');
  const answer = await client.get(`${kind}/${name}`, accept, kind === 'blobs' ? CONFIG_BYTES : MANIFEST_BYTES);
  if (answer === undefined)
    throw new RegistryError(`the registry has no ${ref}${name.includes(':') ? ` (${name})` : ''}`);
  const digest = `sha256:${createHash('sha256').update(answer.body).digest('hex')}`;
  if (name.startsWith('sha256:') && name !== digest) {
    throw new RegistryError(`the registry gave something else than ${name} for ${ref}`);
  }
  return { digest, type: answer.headers['content-type'] ?? '', body: answer.body };
}

function isIndex(type: string, body: Buffer): boolean {
  const mediaType = type.split(';', 1)[0]?.trim() ?? '';
  if (INDEX_TYPES.includes(mediaType)) return true;
  return !MANIFEST_TYPES.includes(mediaType) && Array.isArray(record(parseJson(body.toString('utf8')))['manifests']);
}

/** The digest of the platform's manifest in an index. */
function choose(index: Buffer, platform: Platform): string | undefined {
  const wanted = normalizePlatform(platform);
  const fits = list(record(parseJson(index.toString('utf8')))['manifests'])
    .map(record)
    .find((descriptor) => {
      const { os, architecture, variant: version } = record(descriptor['platform']);
      const given = {
        os: text(os),
        architecture: text(architecture),
        ...(text(version) === '' ? {} : { variant: text(version) }),
      };
      return samePlatform(normalizePlatform(given), wanted);
    });
  return fits === undefined ? undefined : text(fits['digest']);
}

function variant(platform: Platform): string {
  return platform.variant === undefined ? '' : `/${platform.variant}`;
}
