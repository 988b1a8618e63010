import { type Digest, digestProblem, isDigest } from './digest.js';

/** An image's name, with the registry and all that short names leave out. */
export interface ImageReference {
  /** `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** `library/alpine`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** What a text names, or what keeps it from naming an image, as the end of a sentence. */
export type ReadReference =
  | { readonly kind: 'reference'; readonly reference: ImageReference }
  | { readonly kind: 'problem'; readonly problem: string };

const HUB = 'docker.io';
const OLD_HUB = 'index.docker.io';
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domainPattern = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
/** Docker takes such a name for an image's id. */
const idPattern = /^[a-f0-9]{64}$/;
/** What registries take of the name of a repository, host and tag not counted. */
const LONGEST_PATH = 255;

/** Reads an image's name as Docker does, `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`: `alpine` is `docker.io/library/alpine`. No tag is added. */
export function readImageReference(text: string): ReadReference {
  if (text === '') return problem('it is empty');
  if (/\s/.test(text)) return problem('it contains blanks');
  const at = text.indexOf('@');
  const name = at === -1 ? text : text.slice(0, at);
  const digest = at === -1 ? undefined : text.slice(at + 1);
  if (digest === undefined) return readName(name);
  if (!isDigest(digest)) return problem(`its digest is wrong: ${digestProblem(digest) ?? ''}`);
  const named = readName(name);
  return named.kind === 'problem' ? named : { kind: 'reference', reference: { ...named.reference, digest } };
}

/** The whole name: `docker.io/library/alpine:3.18@sha256:…`. */
export function formatImageReference({ domain, path, tag, digest }: ImageReference): string {
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The reference with the tag `latest` where there is neither tag nor digest. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  const bare = reference.tag === undefined && reference.digest === undefined;
  return bare ? { ...reference, tag: 'latest' } : reference;
}

/** The whole name of an image, as engines, facts and locks have it: `alpine` is `docker.io/library/alpine:latest`; `undefined` for what is none. */
export function normalizeImageReference(text: string): string | undefined {
  const known = normalized.get(text);
  if (known !== undefined) return known;
  const name = wholeName(text);
  if (name !== undefined && normalized.size < MOST_NAMES) normalized.set(text, name);
  return name;
}

/** A build names few images, most of them many times. */
const MOST_NAMES = 1000;
const normalized = new Map<string, string>();

function wholeName(text: string): string | undefined {
  const read = readImageReference(text);
  return read.kind === 'problem' ? undefined : formatImageReference(withDefaultTag(read.reference));
}

function readName(text: string): ReadReference {
  if (idPattern.test(text)) return problem('it looks like the id of an image, which no registry knows');
  const { domain, rest } = splitDomain(text);
  if (!domainPattern.test(domain)) return problem(`\`${domain}\` is no name of a host`);
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  const path = hasTag ? rest.slice(0, colon) : rest;
  const tag = hasTag ? rest.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagPattern.test(tag)) {
    return problem(tag === '' ? 'its tag is empty' : `\`${tag}\` is no tag`);
  }
  const wrong = pathProblem(path);
  if (wrong !== undefined) return problem(wrong);
  const whole = domain === HUB && !path.includes('/') ? `library/${path}` : path;
  if (whole.length > LONGEST_PATH) return problem(`it is longer than ${LONGEST_PATH} characters`);
  return { kind: 'reference', reference: { domain, path: whole, ...(tag === undefined ? {} : { tag }) } };
}

/** The part before the first slash is a host where it looks like one. */
function splitDomain(text: string): { readonly domain: string; readonly rest: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  // A capital letter can't be in a path, so it is in a host's name.
  const isHost = first !== '' && (first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase());
  if (!isHost) return { domain: HUB, rest: text };
  return { domain: first === OLD_HUB ? HUB : first, rest: text.slice(slash + 1) };
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'it has no name';
  if (path !== path.toLowerCase()) return 'capital letters are not allowed in it';
  const bad = path.split('/').find((part) => !componentPattern.test(part));
  if (bad === undefined) return undefined;
  return bad === '' ? 'a part between two slashes is empty' : `\`${bad}\` is no part of a name`;
}

function problem(text: string): ReadReference {
  return { kind: 'problem', problem: text };
}
