import { type Digest, isDigest } from './digest.js';

/** An image's name, with registry and all that short names leave out. */
export interface Reference {
  /** `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** `library/alpine`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** A text that names no image. */
export class InvalidReferenceError extends TypeError {
  override readonly name = 'InvalidReferenceError';
  readonly text: string;
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`invalid image reference ${JSON.stringify(text)}: ${reason}`);
    this.text = text;
    this.reason = reason;
  }
}

const hubDomain = 'docker.io';
const legacyHubDomain = 'index.docker.io';
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const pattern = new RegExp(
  `^(?<domain>${domain})/(?<path>${component}(?:/${component})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>${digest}))?$`,
);
/** Characters of a path at most, as registries have it. */
const longestPath = 255;

/**
 * Reads an image's name as Docker does: `alpine` is `docker.io/library/alpine`. No tag is added.
 *
 * @throws {InvalidReferenceError}
 */
export function parseReference(text: string): Reference {
  if (/^[a-f0-9]{64}$/.test(text)) {
    throw new InvalidReferenceError(text, 'it looks like the id of an image');
  }
  const [where, rest] = splitDomain(text);
  const name = rest.split(':', 1)[0] ?? '';
  if (name.toLowerCase() !== name) {
    throw new InvalidReferenceError(text, 'the name must be in lower case');
  }
  const groups = pattern.exec(`${where}/${rest}`)?.groups;
  if (groups === undefined) {
    throw new InvalidReferenceError(text, '[REGISTRY/]NAME[:TAG][@DIGEST] is wanted');
  }
  const path = groups['path'] ?? '';
  if (path.length > longestPath) {
    throw new InvalidReferenceError(text, `the name has more than ${longestPath} characters`);
  }
  return { domain: groups['domain'] ?? '', path, ...tagOf(groups['tag']), ...digestIn(text, groups['digest']) };
}

/** The whole name: `docker.io/library/alpine:3.18@sha256:…`. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const at = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.domain}/${reference.path}${tag}${at}`;
}

/**
 * The whole name of an image as it stands in an op: `alpine` is `docker.io/library/alpine:latest`. The tag `latest` is added only
 * where there is neither tag nor digest.
 *
 * @throws {InvalidReferenceError}
 */
export function normalizeReference(text: string): string {
  const reference = parseReference(text);
  const bare = reference.tag === undefined && reference.digest === undefined;
  return formatReference(bare ? { ...reference, tag: 'latest' } : reference);
}

function splitDomain(text: string): readonly [domain: string, rest: string] {
  const slash = text.indexOf('/');
  if (slash === -1) {
    return [hubDomain, `library/${text}`];
  }
  const first = text.slice(0, slash);
  const rest = text.slice(slash + 1);
  if (first === hubDomain || first === legacyHubDomain) {
    return [hubDomain, rest.includes('/') ? rest : `library/${rest}`];
  }
  // A capital letter can't be in a path, so it is a host's name.
  const isHost = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
  return isHost ? [first, rest] : [hubDomain, text];
}

function tagOf(tag: string | undefined): { tag?: string } {
  return tag === undefined ? {} : { tag };
}

function digestIn(text: string, found: string | undefined): { digest?: Digest } {
  if (found === undefined) {
    return {};
  }
  if (!isDigest(found)) {
    throw new InvalidReferenceError(
      text,
      'its digest is of an unknown algorithm, of the wrong length, or not in lower case',
    );
  }
  return { digest: found };
}
