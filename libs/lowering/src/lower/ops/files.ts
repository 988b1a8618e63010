import type { CopyOp, DiffOp, MergeOp, MkdirOp, MkfileOp, Op, RmOp, Text } from '@hlb/ir';
import { type CopyAction, diff, type FileAction, file, merge } from '@hlb/llb';
import type { Lowerer } from '../lowerer.js';
import { check } from '../problem.js';
import type { ConfigChange } from '../state/image-config.js';
import { madeFiles, type PendingFiles } from '../state/pending-files.js';
import { type FsState, scratchState, settingsFrom } from '../state/state.js';
import { timestamp, unsigned32 } from '../values.js';
import { located } from './sources.js';

type FileOp = CopyOp | MkdirOp | MkfileOp | RmOp;

export function lowerMkdir(lowerer: Lowerer, op: MkdirOp): FsState {
  const { texts } = lowerer;
  return changed(lowerer, op, {
    kind: 'mkdir',
    path: texts.of(op.path),
    mode: Number(op.mode & 0o777n),
    makeParents: op.createParents,
    owner: texts.optional(op.chown),
    timestamp: createdTime(lowerer, op),
  });
}

export function lowerMkfile(lowerer: Lowerer, op: MkfileOp): FsState {
  const { texts } = lowerer;
  return changed(lowerer, op, {
    kind: 'mkfile',
    path: texts.of(op.path),
    mode: Number(op.mode & 0o777n),
    data: Buffer.from(texts.of(op.content)),
    owner: texts.optional(op.chown),
    timestamp: createdTime(lowerer, op),
  });
}

export function lowerRm(lowerer: Lowerer, op: RmOp): FsState {
  const { allowNotFound, allowWildcard } = op;
  return changed(lowerer, op, {
    kind: 'rm',
    path: lowerer.texts.of(op.path),
    allowNotFound,
    allowWildcard,
  });
}

export function lowerCopy(lowerer: Lowerer, op: CopyOp): FsState {
  const { texts } = lowerer;
  const source = lowerer.state(op.source);
  const src = texts.of(op.src);
  const dest = texts.of(op.dst);
  const action: CopyAction = {
    kind: 'copy',
    from: source.output,
    fromDir: source.settings.dir,
    src,
    dest,
    mode: op.chmod === undefined ? undefined : unsigned32(op.chmod, 'a mode'),
    followSymlinks: op.followSymlinks,
    contentsOnly: op.contentsOnly,
    unpack: op.unpack,
    createDestPath: op.createDestPath,
    allowWildcard: op.allowWildcard,
    allowEmptyWildcard: op.allowEmptyWildcard,
    includePatterns: op.include.map((text) => texts.of(text)),
    excludePatterns: op.exclude.map((text) => texts.of(text)),
    owner: texts.optional(op.chown),
    timestamp: createdTime(lowerer, op),
  };
  const state = op.link ? linked(lowerer, op, action) : changed(lowerer, op, action);
  // The copy that protects a bound local was made by no call, and no config is to tell of it.
  return op.origins.length === 0 ? state : withHistory(state, `COPY ${src} ${dest}`);
}

export function lowerMerge(lowerer: Lowerer, op: MergeOp): FsState {
  const states = op.inputs.map((id) => lowerer.state(id));
  const input = states[0] ?? scratchState;
  const first = states.find((state) => state.output !== undefined) ?? scratchState;
  const output = merge(
    states.map((state) => state.output),
    located(lowerer, op),
  );
  return withHistory({ ...input, output, settings: settingsFrom(first, input) }, 'MERGE / /');
}

export function lowerDiff(lowerer: Lowerer, op: DiffOp): FsState {
  const base = lowerer.state(op.base);
  const input = lowerer.state(op.input);
  // The reference gives differences no place.
  const options = lowerer.context.level === 'O0' ? {} : located(lowerer, op);
  const output = diff(base.output, input.output, options);
  const above = base.output !== undefined ? base : output !== undefined ? input : scratchState;
  return withHistory({ ...input, output, settings: settingsFrom(above, input) }, 'DIFF / /');
}

/** The change in a vertex of its own, or with those around it. */
function changed(lowerer: Lowerer, op: FileOp, action: FileAction): FsState {
  const state = lowerer.open(op.input);
  const { pending: before, output, config, settings } = state;
  const pending: PendingFiles = { before, base: before?.base ?? output, op, action, dir: settings.dir };
  if (op.continued) return { output, pending, config, settings };
  return { output: madeFiles(pending, lowerer.context), pending: undefined, config, settings };
}

/** As many file systems as are laid over each other in one vertex. */
const mostLayers = 64;

/** The copy made on nothing and laid over the input, with the other copies of which that is true. */
function linked(lowerer: Lowerer, op: CopyOp, action: CopyAction): FsState {
  const state = lowerer.state(op.input);
  const place = located(lowerer, op);
  const { dir } = state.settings;
  const layer = file({ base: undefined, dir, actions: [{ ...action, createDestPath: true }], ...place });
  const below = state.output?.vertex.kind === 'merge' ? state.output.vertex.inputs : [state.output];
  const layers = below.length < mostLayers ? below : [state.output];
  return { ...state, output: merge([...layers, layer], place) };
}

function createdTime({ texts }: Lowerer, op: Op & { readonly createdTime: Text | undefined }): bigint | undefined {
  const { createdTime: text } = op;
  return text === undefined ? undefined : check(op, text, () => timestamp(texts.of(text)));
}

export function withHistory({ output, pending, config: before, settings }: FsState, text: string): FsState {
  const config: ConfigChange = { kind: 'history', before, text, empty: false };
  return { output, pending, config, settings };
}
