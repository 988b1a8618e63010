import { InternalError, type SourceFile, type Span, sourceFile, span, unreachable } from '@hlb/diagnostics';
import fc from 'fast-check';
import { ModuleBuilder, opId } from '../builder.js';
import { makeOp } from '../create.js';
import type { IrModule, Request } from '../module.js';
import { mapReads, valueType } from '../operands.js';
import type { Op, OpId, OpKind, Origin } from '../ops.js';
import { opRow, opRows } from '../schema/op-table.js';
import { type RunOptionRow, runOptionRows } from '../schema/option-table.js';
import type { NamedShape, ShapeData } from '../schema/shape.js';
import { isOp } from '../verify/well-formed.js';

export interface ModuleArbitraryOptions {
  /** How many ops are drawn at most; those that they need come on top. Default: 20. */
  readonly maxOps?: number;
  /** The kinds of the ops that are drawn. Default: all. */
  readonly kinds?: readonly OpKind[];
}

/**
 * Modules that keep every invariant, with all kinds of ops, options, texts, places and requests: what a pass may be given, and much
 * that no program gives. Made from the op table, so that a new op is in it at once.
 */
export function moduleArbitrary(options: ModuleArbitraryOptions = {}): fc.Arbitrary<IrModule> {
  const kinds = options.kinds ?? [];
  const rows = kinds.length === 0 ? opRows : opRows.filter(({ kind }) => kinds.some((each) => each === kind));
  const op = fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...rows.map(({ kind, attributes }) => record(kind, attributes, { origins }))) },
    // The same op again, made by other calls: what shares ops has something to do.
    { weight: 1, arbitrary: fc.record({ again: fc.nat(1000), origins }) },
  );
  return fc
    .tuple(fc.array(op, { maxLength: options.maxOps ?? 20 }), fc.array(fc.tuple(text, request), { maxLength: 3 }))
    .map(([ops, targets]) => settle(ops, targets));
}

/** Files with names and texts that make trouble: one without a text, a name that is taken, one that is no plain path. */
const files: readonly SourceFile[] = [
  sourceFile('build.hlb', 'fs default() {\n\timage "alpine"\n\trun "make"\n}\n'),
  sourceFile('lib/module.hlb', 'export x\r\n\n\nfs x() {}'),
  sourceFile('module.hlb', '💥 # é\n'),
  sourceFile('module.hlb', 'another\nof the same name'),
  sourceFile('<stdin>', ''),
  sourceFile('with "blanks" & more.hlb', 'x\ny\n', new Uint8Array([120, 255, 10, 121, 10])),
];

const place: fc.Arbitrary<Span> = fc
  .constantFrom(...files)
  .chain((file) =>
    fc
      .tuple(fc.nat(file.text.length), fc.nat(file.text.length))
      .map(([a, b]) => span(file, Math.min(a, b), Math.max(a, b))),
  );

const origin: fc.Arbitrary<Origin> = fc
  .array(place, { minLength: 1, maxLength: 5 })
  .map((places) => chain(places))
  .filter((made) => made !== undefined);

const origins: fc.Arbitrary<readonly Origin[]> = fc.array(origin, { maxLength: 2 });

function chain(places: readonly Span[]): Origin | undefined {
  return places.reduceRight<Origin | undefined>((caller, at) => ({ span: at, caller }), undefined);
}

const troublesome = [
  '',
  '"',
  '\\',
  '\n',
  '%0',
  '^1:2-3',
  '\u0000',
  '\u001b[1m',
  '\u009b',
  '\u202e',
  '\ud800',
  '// x',
  '💥',
];

const text: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.constantFrom(...troublesome),
  fc.string({ unit: 'binary' }),
);

/** An id to be brought into range by `settle`. */
const anyId: fc.Arbitrary<OpId> = fc.nat(1000).map(opId);

const anyText: fc.Arbitrary<unknown> = placed(
  fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: anyId }).map((value) => ({ text: value })),
);

function placed<T extends object>(value: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.tuple(value, fc.option(place)).map(([of, at]) => (at === null ? of : { ...of, at }));
}

const option: fc.Arbitrary<unknown> = fc.oneof(
  ...runOptionRows.map(({ kind, attributes }: RunOptionRow) => called(placed(record(kind, attributes, {})))),
);

/** Options that have a place, some with the calls around it. */
function called<T extends object>(value: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc
    .tuple(value, fc.option(origin))
    .map(([of, caller]) => (caller === null || !('at' in of) ? of : { ...of, caller }));
}

function record(
  kind: string | undefined,
  fields: readonly NamedShape[],
  more: { readonly [name: string]: fc.Arbitrary<unknown> },
): fc.Arbitrary<object> {
  const model: Record<string, fc.Arbitrary<unknown>> = { ...more };
  if (kind !== undefined) model.kind = fc.constant(kind);
  for (const { name, shape } of fields) model[name] = valueFor(shape);
  return fc.record(model, { noNullPrototype: true });
}

function valueFor(shape: ShapeData): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'text':
      return anyText;
    case 'value':
      return anyId;
    case 'flag':
      return fc.boolean();
    case 'string':
      return text;
    case 'int':
      return fc.oneof(fc.constantFrom(0n, 0o644n, 0o755n, 2n ** 63n - 1n), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }));
    case 'count':
      return fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, fc.maxSafeNat());
    case 'word':
      return fc.constantFrom(...shape.words);
    case 'bytes':
      return fc.uint8Array({ maxLength: 8 });
    case 'optional':
      return fc.option(valueFor(shape.item), { nil: undefined, freq: 2 });
    case 'list':
      return fc.array(valueFor(shape.item), { maxLength: 3 });
    case 'record':
      return record(undefined, shape.fields, {});
    case 'pairs':
      return fc.array(record(undefined, shape.fields, {}), { maxLength: 3 });
    case 'options':
      return fc.array(option, { maxLength: 3 });
    case 'result':
      return fc.oneof(fc.constant('root'), fc.nat(3));
    default:
      return unreachable(shape);
  }
}

const { request }: { readonly request: fc.Arbitrary<Request> } = fc.letrec<{ request: Request }>((tie) => ({
  request: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant<Request>({ kind: 'nothing' }),
    anyId.map((value): Request => ({ kind: 'solve', value })),
    fc.oneof(text, anyId).map((value): Request => ({ kind: 'text', value })),
    fc
      .tuple(fc.constantFrom('parallel', 'sequential'), fc.array(tie('request'), { maxLength: 3 }))
      .map(([kind, requests]): Request => ({ kind, requests })),
  ),
}));

/** An op that is drawn once more. */
interface Again {
  readonly again: number;
  readonly origins: readonly Origin[];
}

/** A module of ops whose ids are drawn without regard to what there is. */
function settle(drawn: readonly (object | Again)[], targets: readonly (readonly [string, Request])[]): IrModule {
  const builder = new ModuleBuilder();
  const found: Record<'fs' | 'string' | 'push', OpId[]> = { fs: [], string: [], push: [] };
  const add = (op: Op): OpId => {
    const id = builder.add(op);
    found[valueType(op)].push(id);
    if (op.kind === 'docker-push') found.push.push(id);
    if (opRow(op.kind)?.group === 'output') builder.output(id, targets.length === 0 ? [] : [id % targets.length, id]);
    return id;
  };
  const pick = (type: 'fs' | 'string' | 'push', id: OpId): OpId | undefined => found[type][id % found[type].length];
  const value = (id: OpId): OpId => pick('fs', id) ?? add(makeOp('scratch', {}));
  const push = (id: OpId): OpId => pick('push', id) ?? add(makeOp('docker-push', { input: value(id), ref: 'pushed' }));
  const known = (id: OpId): string | OpId => pick('string', id) ?? `text ${id}`;
  for (const raw of drawn) {
    if ('again' in raw) {
      if (builder.size > 0) add({ ...builder.op(opId(raw.again % builder.size)), origins: raw.origins });
      continue;
    }
    if (!isOp(raw)) throw new InternalError('the arbitrary of an op gives none');
    add(
      mapReads(kept(raw), {
        value: raw.kind === 'push-digest' ? push : value,
        text: (of) => (typeof of.text === 'string' ? of : { ...of, text: known(of.text) }),
      }),
    );
  }
  for (const [name, raw] of targets) builder.target(name, settleRequest(raw, value, known));
  for (const file of files) builder.file(file);
  return builder.build();
}

function settleRequest(raw: Request, value: (id: OpId) => OpId, known: (id: OpId) => string | OpId): Request {
  switch (raw.kind) {
    case 'nothing':
      return raw;
    case 'solve':
      return { ...raw, value: value(raw.value) };
    case 'text':
      return typeof raw.value === 'string' ? raw : { ...raw, value: known(raw.value) };
    default:
      return { ...raw, requests: raw.requests.map((inner) => settleRequest(inner, value, known)) };
  }
}

/** The op with what invariants ask of its attributes beside their types. */
function kept(op: Op): Op {
  const word = { text: 'true' };
  switch (op.kind) {
    case 'run': {
      const args = op.args.length === 0 ? [word] : op.args;
      const isKept = (place: number): boolean => {
        const option = op.options[place];
        return option?.kind === 'mount' && option.cache === undefined;
      };
      const result = op.result !== 'root' && isKept(op.result) ? op.result : 'root';
      return { ...op, args, result, keeps: op.keeps.filter(isKept) };
    }
    case 'command':
      return op.args.length === 0 ? { ...op, args: [word] } : op;
    case 'merge':
      return op.inputs.length === 0 ? { ...op, inputs: [opId(0)] } : op;
    case 'definition':
      return op.config === '' ? op : { ...op, config: JSON.stringify({ author: op.config }) };
    case 'download-docker-tarball':
      return { ...op, ref: op.ref ?? word };
    case 'download-oci-tarball':
      return { ...op, ref: undefined };
    default:
      return op;
  }
}
