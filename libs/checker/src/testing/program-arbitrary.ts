import fc from 'fast-check';
import { type Arguments, type Expressions, expressions, isKind } from './expressions.js';
import {
  type BoundName,
  inner,
  type Piece,
  pick,
  type WritingScope,
  type Written,
  type WrittenParam,
} from './scope.js';
import { type StatementOptions, statements } from './statements.js';

export interface ProgramArbitraryOptions extends Partial<StatementOptions> {
  /** What has a shell: the statements of the function `base`. Default: `image "alpine"`. */
  readonly base?: string;
  /** How many functions are drawn at most, beside `base` and `default`. Default: 6. */
  readonly maxFunctions?: number;
  /** The kinds that `default` may have. Default: all. */
  readonly targets?: readonly ('fs' | 'string' | 'pipeline')[];
}

/**
 * Programs that the checker has nothing against, with all that programs are made of: functions of every kind and with every kind of
 * parameter, options, binds, pipelines, function literals, texts in every form, sources, changes, commands with mounts, and calls of
 * each other. None calls itself. Commands write what they see to `/log`, and read `secret.txt` beside the program. Without what is
 * `beyond`, which needs networks, registries and permissions, the statements of their file systems go well on an engine, too.
 */
export function programArbitrary(options: ProgramArbitraryOptions = {}): fc.Arbitrary<string> {
  return draftArbitrary(options).map(({ base, drafts, last }) => write(base, drafts, last));
}

/** One program, whole and in two modules: they mean the same. */
export interface SplitProgram {
  readonly whole: string;
  /** The same without its first functions, which it imports as `lib` from `./lib.hlb`. */
  readonly main: string;
  readonly lib: string;
}

/** Programs of which the first functions may lie in a module of their own; no name that a bind gave is used from there. */
export function splitProgramArbitrary(options: ProgramArbitraryOptions = {}): fc.Arbitrary<SplitProgram> {
  return fc.tuple(draftArbitrary(options), fc.nat(10)).map(([{ base, drafts, last }, number]) => {
    const split = 1 + (number % Math.max(1, drafts.length));
    const apart = writeModules(drafts, last, split, 'lib.');
    const exported = apart.names.map((name) => `export ${name}\n`).join('');
    return {
      whole: write(base, drafts, last, split),
      main: `import lib from "./lib.hlb"\n\n${baseText(base)}\n${apart.after.join('\n')}`,
      lib: `${exported}\n${baseText(base)}\n${apart.before.join('\n')}`,
    };
  });
}

/** What a program is written of. */
interface ProgramDraft {
  readonly base: string;
  readonly drafts: readonly FunctionDraft[];
  readonly last: FunctionDraft;
}

function draftArbitrary(options: ProgramArbitraryOptions): fc.Arbitrary<ProgramDraft> {
  const {
    base = 'image "alpine"',
    maxFunctions = 6,
    targets = ['fs', 'string', 'pipeline'],
    sources = ['local "ctx"', 'scratch'],
    settings = true,
    binds = true,
    beyond = true,
  } = options;
  const { block, ...pieces } = allPieces({ sources, settings, binds, beyond });
  const functions = fc.array(functionDraft(pieces, block), { maxLength: maxFunctions });
  const target = fc.constantFrom(...targets);
  return fc
    .tuple(functions, target, functionDraft(pieces, block))
    .map(([drafts, kind, last]) => ({ base, drafts, last: { ...last, kind, params: [], flavour: 'base' } }));
}

function allPieces(options: StatementOptions): Expressions & { readonly block: fc.Arbitrary<Piece> } {
  // Expressions hold blocks and blocks hold expressions, so the block is tied by a name first.
  const { block } = fc.letrec<{ block: Piece }>((tie) => ({
    block: fc
      .array(statements(expressions(tie('block'), options.beyond), options), {
        maxLength: 2,
        depthIdentifier: 'hlb-block',
      })
      .map(joined('; ')),
  }));
  const pieces = expressions(block, options.beyond);
  const body = fc.array(statements(pieces, options), { minLength: 1, maxLength: 4 }).map(joined('\n\t'));
  return { ...pieces, block: body };
}

function joined(separator: string): (parts: readonly Piece[]) => Piece {
  return (parts) => (scope) => parts.map((part) => part(scope)).join(separator);
}

type Kind = Written['kind'];

interface FunctionDraft {
  readonly kind: Kind;
  readonly flavour: 'base' | 'scratch' | 'extending';
  readonly params: readonly Omit<WrittenParam, 'name'>[];
  readonly body: Piece;
  readonly string: Piece;
  readonly stringBody: Piece;
  readonly int: Piece;
  readonly intBody: Piece;
  readonly args: Arguments;
  readonly number: number;
}

function functionDraft(pieces: Expressions, block: fc.Arbitrary<Piece>): fc.Arbitrary<FunctionDraft> {
  const param = fc.record({
    type: fc.constantFrom<WrittenParam['type']>('fs', 'string', 'int', 'option::run'),
    variadic: fc.boolean(),
  });
  return fc.record({
    kind: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Kind>('fs') },
      fc.constantFrom<Kind>('string', 'int', 'option::run', 'option::copy', 'pipeline'),
    ),
    flavour: fc.constantFrom('base', 'scratch', 'extending'),
    params: fc.array(param, { maxLength: 2 }),
    body: block,
    string: pieces.string,
    stringBody: pieces.stringBody,
    int: pieces.int,
    intBody: pieces.intBody,
    args: pieces.args,
    number: fc.nat(9),
  });
}

/** The text of a program; each function may call those before it, but after the first `split` no name that a bind gave in these. */
function write(base: string, drafts: readonly FunctionDraft[], last: FunctionDraft, split: number = 0): string {
  const { before, after } = writeModules(drafts, last, split, '');
  return [baseText(base), ...before, ...after].join('\n');
}

function baseText(base: string): string {
  return `fs base() {\n\t${base}\n}\n`;
}

interface WrittenModules {
  /** The first functions, their names, and the others, which call these with the prefix. */
  readonly before: readonly string[];
  readonly names: readonly string[];
  readonly after: readonly string[];
}

function writeModules(
  drafts: readonly FunctionDraft[],
  last: FunctionDraft,
  split: number,
  prefix: string,
): WrittenModules {
  let count = 0;
  const fresh = (name: string): string => `${name}${count++}`;
  let known: Written[] = [{ name: 'base', kind: 'fs', params: [], runnable: true, extending: false }];
  const parts: string[] = [];
  const add = (draft: FunctionDraft, name: string): void => {
    // Options and pipelines are used without arguments.
    const bare = draft.kind === 'pipeline' || draft.kind.startsWith('option');
    const params = bare ? [] : draft.params.map((param, place) => named(param, place, draft.params.length));
    const bound: BoundName[] = [];
    const runnable = draft.kind === 'fs' && draft.flavour === 'base';
    const scope: WritingScope = {
      known: [...known],
      params,
      runnable,
      extending: draft.flavour === 'extending',
      bindable: draft.kind === 'fs' || draft.kind === 'string',
      bound,
      fresh,
    };
    const body = bodyOf(draft, scope);
    const list = params.map(({ name: of, type, variadic }) => `${variadic ? 'variadic ' : ''}${type} ${of}`);
    parts.push(`# Number ${known.length}.\n${draft.kind} ${name}(${list.join(', ')}) {\n\t${body}\n}\n`);
    const extending = draft.kind === 'fs' && draft.flavour === 'extending';
    known.push({ name, kind: draft.kind, params, runnable, extending });
    for (const alias of bound) known.push({ ...alias, params, runnable: false, extending: false });
  };
  const names = drafts.slice(0, split).map((draft) => {
    const name = fresh('f');
    add(draft, name);
    return name;
  });
  const before = parts.splice(0);
  if (split > 0) {
    const [own, ...others] = known;
    const imported = others.filter(({ name }) => names.includes(name));
    known = [own, ...imported.map((each) => ({ ...each, name: `${prefix}${each.name}` }))].filter(
      (each) => each !== undefined,
    );
  }
  for (const draft of drafts.slice(split)) add(draft, fresh('f'));
  add(last, 'default');
  return { before, names, after: parts };
}

function named(param: Omit<WrittenParam, 'name'>, place: number, count: number): WrittenParam {
  return { ...param, name: `p${place}`, variadic: param.variadic && place === count - 1 };
}

function bodyOf(draft: FunctionDraft, scope: WritingScope): string {
  switch (draft.kind) {
    case 'fs':
      return `${draft.flavour === 'extending' ? '' : `${draft.flavour}\n\t`}${draft.body(scope)}`;
    case 'string':
      return draft.stringBody(scope);
    case 'int':
      return draft.intBody(scope);
    case 'option::run':
      return `env "B" ${draft.string(scope)}\n\tmount ${pick(draft.args.systems, 0)?.(inner(scope)) ?? 'base'} "/shared"`;
    case 'option::copy':
      return `chmod ${draft.int(scope)}`;
    case 'option::mount':
      return 'readonly';
    case 'pipeline': {
      const systems = draft.args.systems.map((piece) => piece(inner(scope)));
      const other = pick(scope.known.filter(isKind('pipeline')), draft.number)?.name;
      const literal = `stage pipeline { ${systems.map((each) => `stage ${each}`).join('; ')}; } base`;
      return [
        `stage ${systems.join(' ')}`,
        ...(draft.number % 2 === 0 ? [literal] : []),
        ...(other === undefined ? [] : [`stage ${other} base`]),
      ].join('\n\t');
    }
  }
}
