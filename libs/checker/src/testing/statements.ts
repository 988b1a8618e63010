import fc from 'fast-check';
import { runOptionsBeyond, statementsBeyond } from './beyond.js';
import { type Arguments, callOf, isKind } from './expressions.js';
import { inner, type Piece, pick, type Written } from './scope.js';

/** What an `fs` block can be made of. */
export interface Pieces {
  readonly string: fc.Arbitrary<Piece>;
  readonly int: fc.Arbitrary<Piece>;
  readonly fs: fc.Arbitrary<Piece>;
  readonly args: fc.Arbitrary<Arguments>;
}

export interface StatementOptions {
  /** Sources that blocks without a shell may start anew from. */
  readonly sources: readonly string[];
  /** Statements that change what later commands see: environment, directory, user. */
  readonly settings: boolean;
  /** Names that are bound to mounts. */
  readonly binds: boolean;
  /** What reaches beyond the build: networks, registries, outputs, what this host has and says. */
  readonly beyond: boolean;
}

const directory = fc.constantFrom('/d0', '/d1', '/d1/d2');
const file = fc.constantFrom('/f0', '/f1', '/f2');

/** Statements of an `fs` block that go well wherever they stand: what they need of the file system they make themselves. */
export function statements(pieces: Pieces, options: StatementOptions): fc.Arbitrary<Piece> {
  const all = [
    ...changes(pieces),
    ...combinations(pieces, options),
    ...configs(pieces),
    ...(options.settings ? settings(pieces) : []),
    ...(options.beyond ? statementsBeyond(pieces) : []),
  ];
  return fc.oneof(
    { withCrossShrink: true },
    ...all,
    { weight: 3, arbitrary: run(pieces, options) },
    { weight: 4, arbitrary: call(pieces) },
  );
}

function changes({ string, int }: Pieces): fc.Arbitrary<Piece>[] {
  const time = fc.constantFrom('', ' with createdTime("2021-03-04T05:06:07Z")');
  return [
    directory.map(
      (path): Piece =>
        () =>
          `mkdir "${path}" 0o755 with createParents`,
    ),
    fc.tuple(file, int, string, time).map(
      ([path, mode, content, at]): Piece =>
        (scope) => {
          return `mkfile "${path}" ${mode(inner(scope))} ${content(inner(scope))}${at}`;
        },
    ),
    fc.tuple(directory, file, string).map(
      ([below, path, content]): Piece =>
        (scope) => {
          const owner = 'with option { chown "1:2"; }';
          return `mkdir "${below}" 0o700 with createParents; mkfile "${below}${path}" 0o600 ${content(inner(scope))} ${owner}`;
        },
    ),
    fc.oneof(file, directory).map(
      (path): Piece =>
        () =>
          `rm "${path}" with allowNotFound`,
    ),
    fc.constant<Piece>(() => 'rm "/f*" with option { allowNotFound; allowWildcard }'),
  ];
}

function combinations({ fs }: Pieces, { sources }: StatementOptions): fc.Arbitrary<Piece>[] {
  const copied = fc.subarray([
    'contentsOnly',
    'followSymlinks',
    'chmod 0o750',
    'chown "3"',
    'createdTime "2021-03-04T05:06:07Z"',
    'includePatterns "f*" "d1"',
    'excludePatterns "f1"',
  ]);
  return [
    fc.tuple(fs, directory, copied, fc.nat(9)).map(
      ([from, to, how, number]): Piece =>
        (scope) => {
          const shared = pick(scope.known.filter(isKind('option::copy')), number)?.name;
          const list = ['createDestPath', ...how, ...(shared === undefined ? [] : [shared])];
          return `copy ${from(inner(scope))} "/" "${to}" with option { ${list.join('; ')} }`;
        },
    ),
    fc.tuple(fs, directory).map(
      ([from, to]): Piece =>
        (scope) => {
          return `copy ${from(inner(scope))} "/f*" "${to}/" with option { createDestPath; allowWildcard; allowEmptyWildcard }`;
        },
    ),
    fc.tuple(fs, fs).map(
      ([a, b]): Piece =>
        (scope) =>
          `merge ${a(inner(scope))} ${b(inner(scope))}`,
    ),
    fs.map(
      (from): Piece =>
        (scope) =>
          scope.runnable || scope.extending ? 'mkdir "/d3" 0o711 with createParents' : `diff ${from(inner(scope))}`,
    ),
    fc.nat(9).map(
      (number): Piece =>
        (scope) =>
          scope.runnable
            ? 'base'
            : scope.extending
              ? 'mkdir "/d6" 0o755 with createParents'
              : (pick(sources, number) ?? 'scratch'),
    ),
  ];
}

/** Goes on as a function says; it keeps the shell that commands after it need. */
function call({ args }: Pieces): fc.Arbitrary<Piece> {
  return fc.tuple(fc.nat(9), args).map(
    ([number, given]): Piece =>
      (scope) => {
        const fits = ({ kind, extending, runnable }: Written): boolean =>
          kind === 'fs' && (extending || (!scope.extending && runnable === scope.runnable));
        return callOf(scope, number, given, fits, 'statement') ?? 'mkdir "/d5" 0o755 with createParents';
      },
  );
}

function configs({ string }: Pieces): fc.Arbitrary<Piece>[] {
  return [
    fc.tuple(string, string).map(
      ([a, b]): Piece =>
        (scope) => {
          const variadic = scope.params.find((one) => one.variadic && one.type === 'string');
          return `entrypoint ${variadic?.name ?? a(inner(scope))} ${b(inner(scope))}`;
        },
    ),
    string.map(
      (value): Piece =>
        (scope) =>
          `cmd "run" ${value(inner(scope))}`,
    ),
    string.map(
      (value): Piece =>
        (scope) =>
          `label "made.by" ${value(inner(scope))}`,
    ),
    fc.constantFrom<Piece>(
      () => 'expose "80/tcp" "53/udp"',
      () => 'volumes "/v"',
      () => 'stopSignal "SIGTERM"',
      () => 'breakpoint',
    ),
  ];
}

function settings({ string }: Pieces): fc.Arbitrary<Piece>[] {
  return [
    fc.tuple(fc.constantFrom('A', 'B'), string).map(
      ([key, value]): Piece =>
        (scope) =>
          `env "${key}" ${value(inner(scope))}`,
    ),
    directory.map(
      (path): Piece =>
        () =>
          `dir "${path}"`,
    ),
    fc.constantFrom<Piece>(
      () => 'user "root"',
      () => 'user "0"',
    ),
  ];
}

/** A command that writes what it sees: texts, variables, mounts; its mounts may be bound. */
function run({ string, fs }: Pieces, options: StatementOptions): fc.Arbitrary<Piece> {
  const mountOptions = fc.subarray(['readonly', 'sourcePath "/"']);
  const simple = fc.subarray([
    ...(options.beyond ? runOptionsBeyond : []),
    'env "A" "option"',
    'dir "/d0"',
    'user "root"',
    'network "none"',
    'host "other" "10.0.0.1"',
    'ignoreCache',
    'mount scratch "/tmpfs" with tmpfs',
    'mount scratch "/cache" with cache("testing", "shared")',
    'secret "secret.txt" "/run/a-secret"',
  ]);
  const mounts = fc.array(fc.tuple(fs, mountOptions, fc.boolean()), { maxLength: 2 });
  return fc.tuple(string, simple, mounts, fc.nat(9), fc.constantFrom('line', 'words')).map(
    ([text, chosen, mounted, number, form]): Piece =>
      (scope) => {
        if (!scope.runnable) return 'mkdir "/d4" 0o755 with createParents';
        const command = ["echo '", `' >> /log; echo $A $B >> /log; pwd >> /log`];
        const list = [...chosen];
        const shared = pick(scope.known.filter(isKind('option::run')), number);
        if (shared !== undefined) list.push(shared.name);
        const given = scope.params.filter(({ type }) => type === 'option::run').map(({ name }) => name);
        const [whole] = given;
        if (whole !== undefined && number % 2 === 0) return `run "echo by parameter >> /log" with ${whole}`;
        list.push(...given);
        for (const [place, [from, how, isBound]] of mounted.entries()) {
          const target = `/m${place}`;
          const rows = how.length === 0 ? '' : ` with option { ${how.join('; ')} }`;
          let mount = `mount ${from(inner(scope))} "${target}"${rows}`;
          command.push(`; ls -A ${target} >> /log`);
          if (!how.includes('readonly')) command.push(`; echo w >> ${target}/w`);
          if (isBound && options.binds && scope.bindable) {
            const name = scope.fresh('bound');
            scope.bound.push({ name, kind: 'fs' });
            mount += place === 0 ? ` as ${name}` : ` as (target ${name})`;
          }
          list.push(mount);
        }
        const [before = '', ...after] = command;
        const line = `"${before}\${${text(inner(scope))}}${after.join('').replaceAll('$A $B', '\\$A \\$B')}"`;
        const args = form === 'line' ? line : `"/bin/sh" "-c" ${line}`;
        const [only] = list;
        if (list.length === 1 && only !== undefined && /^\w+$/.test(only)) return `run ${args} with ${only}`;
        return `run ${args}${list.length === 0 ? '' : ` with option {\n\t\t${list.join('\n\t\t')}\n\t}`}`;
      },
  );
}
