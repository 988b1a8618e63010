import type { Digest } from '@hlb/names';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { OpOptions } from '../../graph/op-options.js';
import type { Output } from '../../graph/vertex.js';
import { filePermissions } from '../permissions.js';
import type { SourceFileOptions } from './blob-source.js';
import { SourceAttributes, sourceOp } from './source.js';

export interface HttpSourceOptions extends OpOptions, SourceFileOptions {
  readonly url: string;
  /** What the file must have. */
  readonly checksum?: Digest | undefined;
  /** Id of the secret that is sent as the Authorization header. */
  readonly authHeaderSecret?: string | undefined;
  /** Further headers; engines take these two. */
  readonly header?: { readonly accept?: string | undefined; readonly userAgent?: string | undefined } | undefined;
  /** A detached OpenPGP signature that the file must have; both texts armoured. */
  readonly signature?: { readonly publicKey: string; readonly signature: string } | undefined;
}

/**
 * A file by http or https.
 *
 * @throws {InvalidOpError} for a URL of another scheme
 */
export function httpSource(options: HttpSourceOptions): Output {
  if (!/^https?:\/\//.test(options.url)) {
    throw new InvalidOpError(`${JSON.stringify(options.url)} is no http or https URL`);
  }
  const source = new SourceAttributes('source.http');
  source.text('http.checksum', options.checksum, 'source.http.checksum');
  source.text('http.filename', options.filename);
  source.text('http.perm', filePermissions(options.mode), 'source.http.perm');
  // The name is misspelt on the wire.
  source.number('http.uid', options.uid, 'soruce.http.uidgid');
  source.number('http.gid', options.gid, 'soruce.http.uidgid');
  source.text('http.authheadersecret', options.authHeaderSecret, 'source.http.auth');
  if (options.header !== undefined) {
    source.text('http.header.accept', options.header.accept);
    source.text('http.header.user-agent', options.header.userAgent);
    source.need('source.http.header');
  }
  if (options.signature !== undefined) {
    source.text('http.sig.pubkey', options.signature.publicKey);
    source.text('http.sig.signature', options.signature.signature);
    source.need('source.http.signatureverify');
  }
  return sourceOp({ ...options, ...source, identifier: options.url });
}
