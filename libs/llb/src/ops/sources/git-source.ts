import { checkText } from '../../graph/check-form.js';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { OpOptions } from '../../graph/op-options.js';
import type { Output } from '../../graph/vertex.js';
import { gitIdentifier, parseGitRemote } from '../../names/git-remote.js';
import { SourceAttributes, sourceOp } from './source.js';

export interface GitSourceOptions extends OpOptions {
  /** As `parseGitRemote` reads it; its query and fragment are dropped. */
  readonly remote: string;
  /** A branch, tag or commit; absent or empty: the remote's default branch. */
  readonly ref?: string | undefined;
  readonly subdir?: string | undefined;
  readonly keepGitDir?: boolean | undefined;
  /** Id of a secret; absent: `GIT_AUTH_TOKEN`. */
  readonly authTokenSecret?: string | undefined;
  /** Id of a secret; absent: `GIT_AUTH_HEADER`. */
  readonly authHeaderSecret?: string | undefined;
  /** Lines of a known_hosts file, for remotes by ssh. */
  readonly knownSshHosts?: string | undefined;
  /** Id of the agent for remotes by ssh; absent: `default`. */
  readonly mountSshSocket?: string | undefined;
  /** 7 hex digits or more of the commit that the ref must be. */
  readonly checksum?: string | undefined;
  readonly skipSubmodules?: boolean | undefined;
  /** Times of the files; absent: `checkout`. */
  readonly mtime?: 'checkout' | 'commit' | undefined;
  /** Fetch the checksum's commit without asking what the ref is. */
  readonly fetchByCommit?: boolean | undefined;
  /** History from a git bundle instead of the remote: `docker-image+blob://…@sha256:…` or `oci-layout+blob://…@sha256:…`. */
  readonly bundle?: { readonly url: string; readonly sessionId?: string; readonly storeId?: string } | undefined;
  /** The result is one file, `bundle`. */
  readonly checkoutBundle?: boolean | undefined;
}

/**
 * The files of a git repository.
 *
 * @throws {InvalidGitRemoteError}
 * @throws {InvalidOpError} for options that exclude each other
 */
export function gitSource(options: GitSourceOptions): Output {
  checkText(options.remote, 'the remote of a git source');
  verify(options);
  const remote = parseGitRemote(options.remote);
  const source = new SourceAttributes('source.git');
  source.flag('git.keepgitdir', options.keepGitDir, 'source.git.keepgitdir');
  source.text('git.fullurl', remote.url, 'source.git.fullurl');
  addSecret(source, 'git.authtokensecret', options.authTokenSecret, 'GIT_AUTH_TOKEN');
  addSecret(source, 'git.authheadersecret', options.authHeaderSecret, 'GIT_AUTH_HEADER');
  if (remote.scheme === 'ssh') {
    source.text('git.knownsshhosts', options.knownSshHosts);
    source.need('source.git.knownsshhosts');
    source.text('git.mountsshsock', options.mountSshSocket ?? 'default', 'source.git.mountsshsock');
  }
  source.text('git.checksum', options.checksum, 'source.git.checksum');
  source.flag('git.skipsubmodules', options.skipSubmodules, 'source.git.skipsubmodules');
  source.text('git.mtime', options.mtime, 'source.git.mtime');
  source.flag('git.fetchbycommit', options.fetchByCommit, 'source.git.fetchbycommit');
  if (options.bundle !== undefined) {
    source.text('git.bundle', options.bundle.url, 'source.git.bundle');
    source.text('oci.session', options.bundle.sessionId);
    source.text('oci.store', options.bundle.storeId);
  }
  source.flag('git.checkoutbundle', options.checkoutBundle, 'source.git.checkoutbundle');
  const identifier = gitIdentifier(remote, options.ref ?? '', options.subdir ?? '');
  return sourceOp({ ...options, ...source, identifier: `git://${identifier}` });
}

/** The names of the secrets are always written; only one of the caller's own needs the capability. */
function addSecret(source: SourceAttributes, attr: string, id: string | undefined, standard: string): void {
  source.text(attr, id ?? standard, id === undefined ? undefined : 'source.git.httpauth');
}

function verify(options: GitSourceOptions): void {
  const { checksum, bundle } = options;
  if (checksum !== undefined && !/^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/.test(checksum)) {
    throw new InvalidOpError(`the git checksum ${JSON.stringify(checksum)} is no commit in 7 hex digits or more`);
  }
  if (checksum === undefined && (options.fetchByCommit === true || bundle !== undefined)) {
    throw new InvalidOpError('fetching by commit, and a git bundle, need a checksum');
  }
  if (bundle !== undefined && !/^(?:docker-image|oci-layout)\+blob:\/\/.+@sha256:[0-9a-f]{64}$/.test(bundle.url)) {
    throw new InvalidOpError(
      `the git bundle ${JSON.stringify(bundle.url)} is no blob of a registry or OCI layout with a digest`,
    );
  }
  if (options.checkoutBundle === true && (options.keepGitDir === true || (options.subdir ?? '') !== '')) {
    throw new InvalidOpError('a checkout as a bundle has no git directory to keep and no subdirectory');
  }
}
