import type { Digest } from '@hlb/names';
import { checkText } from '../../graph/check-form.js';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { OpOptions } from '../../graph/op-options.js';
import type { Output } from '../../graph/vertex.js';
import { normalizeReference } from '../../names/reference.js';
import { SourceAttributes, sourceOp } from './source.js';

export interface ImageSourceOptions extends OpOptions {
  /** `alpine` is `docker.io/library/alpine:latest`. */
  readonly ref: string;
  /** Absent: as the engine does, which is `default`. */
  readonly resolveMode?: 'default' | 'pull' | 'local' | undefined;
  /** What kind of record the image is in the engine's cache; absent: `regular`. */
  readonly recordType?: 'regular' | 'internal' | 'frontend' | undefined;
  /** Only the first layers, 1 at least. */
  readonly layerLimit?: number | undefined;
  /** What the manifest or index must have. */
  readonly checksum?: Digest | undefined;
}

/**
 * An image of a registry.
 *
 * @throws {InvalidReferenceError | InvalidOpError}
 */
export function imageSource(options: ImageSourceOptions): Output {
  checkText(options.ref, 'the ref of an image');
  const source = new SourceAttributes('source.image');
  const { resolveMode } = options;
  if (resolveMode !== 'default') {
    source.text('image.resolvemode', resolveMode, resolveMode === 'pull' ? 'source.image.resolvemode' : undefined);
  }
  source.text('image.recordtype', options.recordType);
  source.text('image.layerlimit', layerLimit(options.layerLimit), 'source.image.layerlimit');
  source.text('image.checksum', options.checksum, 'source.image.checksum');
  return sourceOp({ ...options, ...source, identifier: `docker-image://${normalizeReference(options.ref)}` });
}

export interface OciLayoutSourceOptions extends OpOptions {
  /** `NAME@sha256:…` or `NAME:tag@sha256:…`; engines want the digest. */
  readonly ref: string;
  /** The session that serves the store; absent: any of the build. */
  readonly sessionId?: string | undefined;
  /** Name of the store in that session; absent: NAME. */
  readonly storeId?: string | undefined;
  /** Only the first layers, 1 at least. */
  readonly layerLimit?: number | undefined;
}

/**
 * An image of an OCI layout that a session serves.
 *
 * @throws {InvalidOpError} when the reference has no digest
 */
export function ociLayoutSource(options: OciLayoutSourceOptions): Output {
  if (!/.@[^@]+:[^@]+$/.test(options.ref)) {
    throw new InvalidOpError(`the OCI layout reference ${JSON.stringify(options.ref)} has no digest`);
  }
  const source = new SourceAttributes('source.ocilayout');
  source.text('oci.session', options.sessionId);
  source.text('oci.store', options.storeId);
  source.text('oci.layerlimit', layerLimit(options.layerLimit));
  return sourceOp({ ...options, ...source, identifier: `oci-layout://${options.ref}` });
}

function layerLimit(limit: number | undefined): string | undefined {
  if (limit === undefined) {
    return undefined;
  }
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InvalidOpError(`a layer limit of ${limit}: 1 is the least`);
  }
  return String(limit);
}
