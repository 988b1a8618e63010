import fc from 'fast-check';
import { boundManifest, textsBeyond } from './beyond.js';
import { inner, type Piece, pick, type WritingScope, type Written, type WrittenKind } from './scope.js';

/** Arguments of any function: a call takes of them what it needs, in order. */
export interface Arguments {
  readonly strings: readonly Piece[];
  readonly ints: readonly Piece[];
  readonly systems: readonly Piece[];
}

/** Texts without what a shell, a template or a format would read in its own way. */
const words: fc.Arbitrary<string> = fc.constantFrom(
  'a',
  'b',
  'two words',
  'é💥',
  'tab\there',
  'line\nline',
  '',
  '$x',
  '{}',
);
const plainWords: fc.Arbitrary<string> = fc.constantFrom('a', 'b2', 'some', 'words', 'é');

/** A text as a literal in quotes. */
function quoted(text: string): string {
  const escaped = text
    .replace(/[\\"$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** A call of one of the functions that are known, with arguments that fit; nothing where there is none. */
export function callOf(
  scope: WritingScope,
  number: number,
  args: Arguments,
  fits: (written: Written) => boolean,
  form: 'expression' | 'statement',
): string | undefined {
  const callee = pick(scope.known.filter(fits), number);
  if (callee === undefined) return undefined;
  const inside = inner(scope);
  const values = callee.params.flatMap(({ type, variadic }, place) => {
    if (type === 'option::run') return Array<string>(variadic ? number % 3 : 1).fill(optionsOf(scope, number));
    const pieces = type === 'string' ? args.strings : type === 'int' ? args.ints : args.systems;
    if (!variadic) return [pick(pieces, place)?.(inside) ?? fallback(type)];
    return pieces.map((piece) => piece(inside));
  });
  if (form === 'statement') return [callee.name, ...values].join(' ');
  return values.length === 0 ? callee.name : `${callee.name}(${values.join(', ')})`;
}

/** Options of a command as an argument: of a function, as a literal with its kind and without. */
function optionsOf(scope: WritingScope, number: number): string {
  const known = pick(scope.known.filter(isKind('option::run')), number)?.name;
  if (known !== undefined && number % 2 === 0) return known;
  return number % 3 === 0 ? 'option { env "L" "literal"; }' : 'option::run { dir "/"; env "L" "typed" }';
}

function fallback(type: 'fs' | 'string' | 'int'): string {
  return type === 'fs' ? 'scratch' : type === 'int' ? '0o644' : '"x"';
}

export function isKind(kind: WrittenKind): (written: Written) => boolean {
  return (written) => written.kind === kind;
}

function param(scope: WritingScope, type: 'fs' | 'string' | 'int', number: number): string | undefined {
  return pick(
    scope.params.filter((one) => one.type === type && !one.variadic),
    number,
  )?.name;
}

/** Expressions of each kind, and the last statements of blocks of texts and numbers. */
export interface Expressions {
  readonly string: fc.Arbitrary<Piece>;
  readonly int: fc.Arbitrary<Piece>;
  readonly fs: fc.Arbitrary<Piece>;
  readonly stringBody: fc.Arbitrary<Piece>;
  readonly intBody: fc.Arbitrary<Piece>;
  readonly args: fc.Arbitrary<Arguments>;
}

/**
 * Expressions of all kinds, which may hold each other. `block` gives the statements of an `fs` block. `beyond` are those too that ask
 * this host and registries.
 */
export function expressions(block: fc.Arbitrary<Piece>, beyond: boolean): Expressions {
  return fc.letrec<{
    string: Piece;
    int: Piece;
    fs: Piece;
    stringBody: Piece;
    intBody: Piece;
    args: Arguments;
  }>((tie) => ({
    string: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      ...strings(tie('string'), tie('int'), tie('args')),
      ...(beyond ? [textsBeyond] : []),
      tie('stringBody').map(
        (body): Piece =>
          (scope) =>
            `string { ${body(inner(scope))} }`,
      ),
    ),
    stringBody: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      ...stringBodies(tie('string'), tie('args')),
      ...(beyond ? [boundManifest] : []),
    ),
    intBody: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('0o644', '0o755', '420').map(
        (text): Piece =>
          () =>
            text,
      ),
      fc.tuple(fc.nat(9), tie('args')).map(
        ([number, args]): Piece =>
          (scope) =>
            callOf(scope, number, args, isKind('int'), 'statement') ?? '0o640',
      ),
    ),
    int: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('0o644', '0o755', '420', '0x1ed', '0b110100100').map(
        (text): Piece =>
          () =>
            text,
      ),
      fc.nat(9).map(
        (number): Piece =>
          (scope) =>
            param(scope, 'int', number) ?? '0o600',
      ),
      fc.tuple(fc.nat(9), tie('args')).map(
        ([number, args]): Piece =>
          (scope) =>
            callOf(scope, number, args, isKind('int'), 'expression') ?? '0o640',
      ),
      tie('intBody').map(
        (body): Piece =>
          (scope) =>
            `int { ${body(inner(scope))} }`,
      ),
    ),
    fs: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant<Piece>(() => 'scratch'),
      fc.nat(9).map(
        (number): Piece =>
          (scope) =>
            param(scope, 'fs', number) ?? 'base',
      ),
      {
        weight: 3,
        arbitrary: fc.tuple(fc.nat(9), tie('args')).map(
          ([number, args]): Piece =>
            (scope) =>
              callOf(scope, number, args, isKind('fs'), 'expression') ?? 'scratch',
        ),
      },
      block.map(
        (body): Piece =>
          (scope) =>
            `fs { scratch; ${body(inner(scope, false))} }`,
      ),
      block.map(
        (body): Piece =>
          (scope) =>
            `fs { base; ${body(inner(scope, true))} }`,
      ),
    ),
    args: fc.record({
      strings: fc.array(tie('string'), { minLength: 1, maxLength: 2 }),
      ints: fc.array(tie('int'), { minLength: 1, maxLength: 2 }),
      systems: fc.array(tie('fs'), { minLength: 1, maxLength: 2 }),
    }),
  }));
}

function strings(
  string: fc.Arbitrary<Piece>,
  int: fc.Arbitrary<Piece>,
  args: fc.Arbitrary<Arguments>,
): fc.Arbitrary<Piece>[] {
  return [
    words.map(
      (text): Piece =>
        () =>
          quoted(text),
    ),
    plainWords.map(
      (text): Piece =>
        () =>
          `\`${text} \${raw} \\n\``,
    ),
    fc.nat(9).map(
      (number): Piece =>
        (scope) =>
          param(scope, 'string', number) ?? '"none"',
    ),
    fc.constantFrom<Piece>(
      () => 'localOs',
      () => 'localArch',
      () => 'localEnv("HLB_NOT_SET")',
      () => '"${true} or ${false}"',
    ),
    fc.tuple(words, fc.oneof(string, int), words).map(
      ([before, value, after]): Piece =>
        (scope) => {
          return `${quoted(before).slice(0, -1)}\${${value(inner(scope))}}${quoted(after).slice(1)}`;
        },
    ),
    fc.tuple(fc.constantFrom('<<', '<<-', '<<~'), plainWords, string, plainWords).map(
      ([form, before, value, after]): Piece =>
        (scope) => {
          const end = scope.fresh('END');
          return `${form}${end}\n\t\t${before} \${${value(inner(scope))}}\n\t\t\t${after}\n\t${end}`;
        },
    ),
    fc.tuple(fc.constantFrom('<<', '<<-', '<<~'), plainWords).map(
      ([form, text]): Piece =>
        (scope) => {
          const end = scope.fresh('END');
          return `${form}\`${end}\`\n\t\t${text} \${raw}\n\t${end}`;
        },
    ),
    fc.tuple(string, string).map(
      ([a, b]): Piece =>
        (scope) =>
          `format("%s-%s %%", ${a(inner(scope))}, ${b(inner(scope))})`,
    ),
    fc.tuple(fc.nat(9), args).map(
      ([number, given]): Piece =>
        (scope) =>
          callOf(scope, number, given, isKind('string'), 'expression') ?? '"none"',
    ),
  ];
}

function stringBodies(string: fc.Arbitrary<Piece>, args: fc.Arbitrary<Arguments>): fc.Arbitrary<Piece>[] {
  return [
    string.map(
      (value): Piece =>
        (scope) =>
          `"\${${value(inner(scope))}}"`,
    ),
    fc.tuple(string, string).map(
      ([a, b]): Piece =>
        (scope) =>
          `format "%q %s" ${a(inner(scope))} ${b(inner(scope))}`,
    ),
    string.map(
      (value): Piece =>
        (scope) => {
          return `template "{{.a}} {{len .a}}" with option { stringField "a" ${value(inner(scope))}; }`;
        },
    ),
    fc.tuple(fc.nat(9), args).map(
      ([number, given]): Piece =>
        (scope) =>
          callOf(scope, number, given, isKind('string'), 'statement') ?? 'localOs',
    ),
  ];
}
