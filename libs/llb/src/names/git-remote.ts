import { cleanPath } from './posix-path.js';

/** Where a git repository is. */
export interface GitRemote {
  readonly scheme: 'http' | 'https' | 'ssh' | 'git';
  /** Without port for the `user@host:path` form; else with it, if there is one. */
  readonly host: string;
  /** As in the remote, escapes decoded. */
  readonly path: string;
  /** What git is called with: the remote without query and fragment. */
  readonly url: string;
  /** What follows `#`, empty for nothing; here `REF` or `REF:SUBDIR` by custom. Not part of the other fields. */
  readonly fragment: string;
}

/** A text that names no git repository. */
export class InvalidGitRemoteError extends TypeError {
  override readonly name = 'InvalidGitRemoteError';
  readonly text: string;
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`invalid git remote ${JSON.stringify(text)}: ${reason}`);
    this.text = text;
    this.reason = reason;
  }
}

/**
 * Reads a remote: a URL of http, https, ssh or git, or `user@host:path`, which is ssh. Anything else without a scheme is taken
 * with `https://` before it.
 *
 * @throws {InvalidGitRemoteError} for other schemes and for URLs that can't be read
 */
export function parseGitRemote(remote: string): GitRemote {
  const scheme = /^([a-zA-Z0-9]+):\/\//.exec(remote)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return parseScpLike(remote) ?? parseUrl(`https://${remote}`, 'https');
  }
  if (scheme === 'http' || scheme === 'https' || scheme === 'ssh' || scheme === 'git') {
    return parseUrl(remote, scheme);
  }
  throw new InvalidGitRemoteError(remote, `scheme ${scheme} is none of http, https, ssh and git`);
}

/**
 * What stands in a git source's identifier after `git://`: host and path, so that all ways to one repository share a cache, then
 * `#REF:SUBDIR` as far as given.
 */
export function gitIdentifier(remote: GitRemote, ref: string, subdir: string): string {
  const place = `${remote.host}${cleanPath(`/${remote.path}`)}`;
  if (ref === '' && subdir === '') {
    return place;
  }
  return `${place}#${ref}${subdir === '' ? '' : `:${subdir}`}`;
}

function parseScpLike(remote: string): GitRemote | undefined {
  const groups = /^(?<user>[\w-]+)@(?<host>[a-zA-Z0-9.-]+):(?<path>.*?)(?:\?.*?)?(?:#(?<fragment>.*))?$/.exec(
    remote,
  )?.groups;
  if (groups === undefined) {
    return undefined;
  }
  const { user = '', host = '', path = '', fragment = '' } = groups;
  return { scheme: 'ssh', host, path, url: `${user}@${host}:${path}`, fragment };
}

function parseUrl(remote: string, scheme: GitRemote['scheme']): GitRemote {
  const groups = /^[a-zA-Z0-9]+:\/\/(?<authority>[^/?#]*)(?<path>\/[^?#]*)?(?:\?[^#]*)?(?:#(?<fragment>.*))?$/s.exec(
    remote,
  )?.groups;
  const authority = groups?.['authority'] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (groups === undefined || !/^(?:\[[^\]]*\]|[^:[\]\s]*)(?::[0-9]*)?$/.test(host)) {
    throw new InvalidGitRemoteError(remote, 'it is no URL');
  }
  const path = groups['path'] ?? '';
  return {
    scheme,
    host: decode(remote, host),
    path: decode(remote, path),
    url: `${scheme}://${authority}${path}`,
    fragment: decode(remote, groups['fragment'] ?? ''),
  };
}

function decode(remote: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) {
      throw new InvalidGitRemoteError(remote, `${JSON.stringify(text)} has a bad escape`);
    }
    throw error;
  }
}
