/** Where the text of an import says that its module is. */
export type ModuleLocation =
  | { readonly kind: 'path'; readonly path: string }
  | GitLocation
  /** Why it is no such place, as what follows the text in a sentence. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly help: string };

/** `git://[USER@]HOST[:PORT]/PATH[@REF][:FILE]`. */
export interface GitLocation {
  readonly kind: 'git';
  /** `any`: by ssh where there is an agent, else by https. */
  readonly transport: 'any' | 'https' | 'ssh';
  /** For ssh. */
  readonly user: string;
  /** With its port, where one is written. */
  readonly host: string;
  /** With its `/`. */
  readonly path: string;
  /** Empty: the remote's default branch. */
  readonly ref: string;
  readonly file: string;
}

const transports: Readonly<Record<string, GitLocation['transport']>> = {
  git: 'any',
  'git+https': 'https',
  'git+ssh': 'ssh',
};

/** The file of a repository that is its module, where none is named. */
const GIT_MODULE = 'build.hlb';

/** Reads the text of an import. What has no scheme is a path, whatever characters it holds. */
export function parseModuleLocation(text: string): ModuleLocation {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1];
  if (scheme === undefined) return { kind: 'path', path: text };
  const rest = text.slice(scheme.length + '://'.length);
  const name = scheme.toLowerCase();
  if (name === 'file') {
    const path = decoded(rest);
    return path === undefined ? badEscape(rest) : { kind: 'path', path };
  }
  const transport = Object.hasOwn(transports, name) ? transports[name] : undefined;
  if (transport !== undefined) return gitLocation(transport, rest);
  return {
    kind: 'invalid',
    reason: `${name}:// is no way to a module`,
    help: 'A module comes from a path, from git://, git+https:// or git+ssh://, or from an fs: `import NAME from fs { http "…"; }`.',
  };
}

/** The text with its `%XX` decoded; `undefined` where one is malformed. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function gitLocation(transport: GitLocation['transport'], rest: string): ModuleLocation {
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const whole = slash < 0 ? '' : decoded(rest.slice(slash).replace(/[?#].*$/s, ''));
  if (whole === undefined) return badEscape(rest);
  if (!/^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::\d+)?$/.test(host)) {
    return invalidGit(`${JSON.stringify(host)} is no host`);
  }
  const colon = whole.lastIndexOf(':');
  const file = colon < 0 ? '' : whole.slice(colon + 1);
  const repository = colon < 0 ? whole : whole.slice(0, colon);
  const ref = repository.indexOf('@');
  const path = ref < 0 ? repository : repository.slice(0, ref);
  if (path === '' || path === '/') return invalidGit('it names no repository on the host');
  return {
    kind: 'git',
    transport,
    user: at < 0 ? 'git' : authority.slice(0, at),
    host,
    path,
    ref: ref < 0 ? '' : repository.slice(ref + 1),
    file: file === '' ? GIT_MODULE : file,
  };
}

function invalidGit(reason: string): ModuleLocation {
  return { kind: 'invalid', reason, help: 'Write git://[USER@]HOST[:PORT]/PATH[@REF][:FILE].' };
}

function badEscape(text: string): ModuleLocation {
  return {
    kind: 'invalid',
    reason: `${JSON.stringify(text)} has a % that is no escape`,
    help: 'Write %25 for a percent sign.',
  };
}
