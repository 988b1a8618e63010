/** The parts of an image reference, with what goes without saying filled in. */
export interface ImageReference {
  /** `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** `library/alpine`. */
  readonly path: string;
  /** `latest` where neither tag nor digest is given; absent where only a digest is. */
  readonly tag: string | undefined;
  /** `sha256:…`. */
  readonly digest: string | undefined;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const host = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const domainPattern = new RegExp(`^(?:${host}(?:\\.${host})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const pathPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
/** Docker takes such a name for an image's id. */
const idPattern = /^[0-9a-f]{64}$/;
/** Limit of registries for the name of a repository. */
const pathLimit = 255;

/** Reads an image reference as Docker does; `undefined` for what is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (idPattern.test(text)) return undefined;
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : undefined;
  const { domain, path } = splitDomain(tagged ? named.slice(0, colon) : named);
  const good =
    domainPattern.test(domain) &&
    pathPattern.test(path) &&
    path.length <= pathLimit &&
    (tag === undefined || tagPattern.test(tag)) &&
    (digest === undefined || digestPattern.test(digest));
  return good ? { domain, path, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest } : undefined;
}

/** A reference in full: `docker.io/library/alpine:latest`. */
export function formatImageReference({ domain, path, tag, digest }: ImageReference): string {
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The text of a reference in full, as engines, facts and locks name it; `undefined` for what is none. */
export function normalizeImageReference(text: string): string | undefined {
  const reference = parseImageReference(text);
  return reference === undefined ? undefined : formatImageReference(reference);
}

/** The part before the first slash is a domain where it looks like one; Docker Hub's own images lie below `library`. */
function splitDomain(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain = slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  const domain = isDomain ? first : 'docker.io';
  const path = isDomain ? name.slice(slash + 1) : name;
  if (domain !== 'docker.io' && domain !== 'index.docker.io') return { domain, path };
  return { domain: 'docker.io', path: path.includes('/') ? path : `library/${path}` };
}
