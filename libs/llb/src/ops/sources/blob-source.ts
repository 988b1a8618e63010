import { formatImageReference } from '@hlb/names';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { OpOptions } from '../../graph/op-options.js';
import type { Output } from '../../graph/vertex.js';
import { parseReference } from '../../names/reference.js';
import { filePermissions } from '../permissions.js';
import { SourceAttributes, sourceOp } from './source.js';

/** How a single file looks in the result. */
export interface SourceFileOptions {
  readonly filename?: string | undefined;
  /** Permission bits; 0 and absent: 0600. */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface BlobSourceOptions extends OpOptions, SourceFileOptions {
  /** Where the blob is. */
  readonly from: 'registry' | 'oci-layout';
  /** With a digest and without a tag. */
  readonly ref: string;
  /** For `oci-layout`, as in `ociLayoutSource`. */
  readonly sessionId?: string | undefined;
  readonly storeId?: string | undefined;
}

/**
 * One blob of a registry or an OCI layout as a file.
 *
 * @throws {InvalidReferenceError | InvalidOpError}
 */
export function blobSource(options: BlobSourceOptions): Output {
  const reference = parseReference(options.ref);
  if (reference.tag !== undefined || reference.digest === undefined) {
    throw new InvalidOpError(`the blob ${JSON.stringify(options.ref)} must be named by a digest and no tag`);
  }
  const source = new SourceAttributes('source.imageblob');
  source.text('http.filename', options.filename);
  source.text('http.perm', filePermissions(options.mode));
  source.number('http.uid', options.uid);
  source.number('http.gid', options.gid);
  const layout = options.from === 'oci-layout';
  if (layout) {
    source.text('oci.session', options.sessionId);
    source.text('oci.store', options.storeId);
  }
  const scheme = layout ? 'oci-layout+blob' : 'docker-image+blob';
  return sourceOp({ ...options, ...source, identifier: `${scheme}://${formatImageReference(reference)}` });
}
