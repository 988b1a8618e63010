/**
 * What is wrong with the name of an image, as Docker and registries read one: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`.
 * `undefined` if nothing is.
 */
export function imageReferenceProblem(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (/\s/.test(text)) return 'it contains blanks';
  const at = text.indexOf('@');
  const name = at === -1 ? text : text.slice(0, at);
  if (at !== -1) {
    const problem = digestProblem(text.slice(at + 1));
    if (problem !== undefined) return `its digest is wrong: ${problem}`;
  }
  if (/^[a-f0-9]{64}$/.test(name)) return 'it looks like the id of an image, which no registry knows';
  return nameProblem(name);
}

/** What registries take of the name of a repository, host and tag not counted. */
const LONGEST_PATH = 255;

function nameProblem(name: string): string | undefined {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isHost = first !== '' && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (isHost && !HOST.test(first)) return `\`${first}\` is no name of a host`;
  const rest = isHost ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  const path = hasTag ? rest.slice(0, colon) : rest;
  const tag = hasTag ? rest.slice(colon + 1) : undefined;
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) {
    return tag === '' ? 'its tag is empty' : `\`${tag}\` is no tag`;
  }
  if (path === '') return 'it has no name';
  if (path !== path.toLowerCase()) return 'capital letters are not allowed in it';
  for (const part of path.split('/')) {
    if (!/^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part)) {
      return part === '' ? 'a part between two slashes is empty' : `\`${part}\` is no part of a name`;
    }
  }
  const isOfDockerHub = !isHost || first === 'docker.io' || first === 'index.docker.io';
  const full = isOfDockerHub && !path.includes('/') ? `library/${path}` : path;
  return full.length > LONGEST_PATH ? `it is longer than ${LONGEST_PATH} characters` : undefined;
}

const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);

/** Hexadecimal digits of each algorithm that engines and registries know. */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** What is wrong with a digest: `ALGORITHM:HEX`. `undefined` if nothing is. */
export function digestProblem(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon === -1) return 'it must be an algorithm, a colon and hexadecimal digits';
  const algorithm = text.slice(0, colon);
  const hex = text.slice(colon + 1);
  const length = Object.hasOwn(DIGEST_LENGTHS, algorithm) ? DIGEST_LENGTHS[algorithm] : undefined;
  if (length === undefined) return `\`${algorithm}\` is no known algorithm`;
  if (!/^[a-f0-9]*$/.test(hex)) return 'only the digits `0` to `9` and the letters `a` to `f` may follow the colon';
  if (hex.length !== length) return `\`${algorithm}\` has ${length} digits, here are ${hex.length}`;
  return undefined;
}
