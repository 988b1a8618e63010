import fc from 'fast-check';
import { inner, type Piece, type WritingScope } from './scope.js';
import type { Pieces } from './statements.js';

/**
 * Statements of an `fs` block that reach beyond the build: sources from networks and registries, outputs, frontends. A compile knows
 * what to make of them; an engine need not have what they ask for.
 */
export function statementsBeyond(pieces: Pieces): fc.Arbitrary<Piece>[] {
  return [
    ...sources(pieces),
    outputs,
    push(pieces),
    fc.constant<Piece>((scope) => (scope.runnable ? 'shell "/bin/sh" "-e" "-c"' : 'user "1:2"')),
    pieces.fs.map(
      (from): Piece =>
        (scope) =>
          `copy ${from(inner(scope))} "/archive.tar" "/d1" with option { createDestPath; unpack }`,
    ),
  ];
}

function sources({ string, fs }: Pieces): fc.Arbitrary<Piece>[] {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const fetched = fc.subarray([`checksum "${digest}"`, 'chmod 0o640', 'filename "file"']);
  return [
    fc.constantFrom<Piece>(
      () => 'image "alpine:3" with platform("linux", "arm64")',
      () => 'image "alpine" with option { resolve; platform localOs "riscv64" }',
      () => `image "localhost:5000/a/b@${digest}"`,
    ),
    fetched.map(
      (how): Piece =>
        (scope) =>
          unlessRunnable(scope, `http "https://example.com/some/file.tar"${withOptions(how)}`),
    ),
    fc.tuple(fc.constantFrom('', 'main', 'v1.2'), fc.boolean()).map(
      ([ref, kept]): Piece =>
        (scope) =>
          unlessRunnable(scope, `git "https://example.com/x.git" "${ref}"${kept ? ' with keepGitDir' : ''}`),
    ),
    fc.tuple(fs, fs, string, fc.constantFrom('dockerfile.v0', 'docker/dockerfile:1')).map(
      ([context, other, value, source]): Piece =>
        (scope) => {
          const inputs = `input "context" ${context(inner(scope))}; input "other" ${other(inner(scope))}`;
          const options = `${inputs}; opt "build-arg:A" ${value(inner(scope))}; opt "target" "last"`;
          return unlessRunnable(scope, `frontend "${source}" with option { ${options} }`);
        },
    ),
    fc.subarray(['includePatterns "a" "b*"', 'excludePatterns "**/c" "!**/c/d"']).map(
      (how): Piece =>
        (scope) =>
          unlessRunnable(scope, `local "ctx"${withOptions(how)}`),
    ),
  ];
}

/** Another source would take away the shell that later commands need. */
function unlessRunnable({ runnable, extending }: WritingScope, statement: string): string {
  return runnable || extending ? 'image "alpine:3" with resolve' : statement;
}

const outputs: fc.Arbitrary<Piece> = fc.constantFrom<Piece>(
  () => 'download "out/files"',
  () => 'downloadTarball "out.tar"',
  () => 'downloadOCITarball "oci.tar"',
  () => 'downloadDockerTarball "docker.tar" "acme/it:1"',
  () => 'dockerLoad "acme/it"',
);

function push({ string }: Pieces): fc.Arbitrary<Piece> {
  return fc.tuple(fc.constantFrom('', ' with stargz'), fc.constantFrom('', 'as', 'as ()'), string).map(
    ([how, bound, tag]): Piece =>
      (scope) => {
        // The tag is a text of the program behind a name that is known to be one, and no part of it.
        const pushed = `label "pushed.for" ${tag(inner(scope))}; dockerPush "registry.example/acme/it:2"${how}`;
        if (bound === '' || !scope.bindable) return pushed;
        const name = scope.fresh('pushed');
        scope.bound.push({ name, kind: 'string' });
        return `${pushed} ${bound === 'as' ? `as ${name}` : `as (digest ${name})`}`;
      },
  );
}

/** Options of a command that need something of this host, or a permission. */
export const runOptionsBeyond: readonly string[] = [
  'readonlyRootfs',
  'security "insecure"',
  'network "host"',
  'ssh',
  'ssh with option { target "/agent.sock"; localPaths "key"; uid 1; gid 2; mode 0o600 }',
  'forward "unix:///var/run/some.sock" "/some.sock"',
  'forward "tcp://localhost:99" "/other.sock" with option { uid 1; gid 2; mode 0o600 }',
  'secret "secrets" "/run/secrets" with option { uid 1; gid 2; mode 0o400; includePatterns "*.pem"; excludePatterns "a*" }',
];

/** Texts that this host or a registry gives. */
export const textsBeyond: fc.Arbitrary<Piece> = fc.constantFrom<Piece>(
  () => 'localCwd',
  () => 'localRun("echo said")',
  () => 'localRun("echo", "two", "words")',
  () => 'string { localRun "echo \'said so\'" with shlex; }',
  () => 'string { localRun "echo failed >&2; false" with option { ignoreError; onlyStderr }; }',
  () => 'string { localRun "echo both; echo >&2 both" with includeStderr; }',
  () => 'manifest("alpine")',
  () => 'string { manifest "alpine:3" with platform("linux", "arm64"); }',
);

/** A last statement of a text whose effect is bound. */
export const boundManifest: fc.Arbitrary<Piece> = fc.constantFrom('digest', 'config', 'index').map(
  (effect): Piece =>
    (scope) => {
      if (!scope.bindable) return 'manifest "alpine"';
      const name = scope.fresh('known');
      scope.bound.push({ name, kind: 'string' });
      return `manifest "alpine" as (${effect} ${name})`;
    },
);

function withOptions(options: readonly string[]): string {
  const [only] = options;
  if (only === undefined) return '';
  return options.length === 1 && !only.includes(' ') ? ` with ${only}` : ` with option { ${options.join('; ')} }`;
}
