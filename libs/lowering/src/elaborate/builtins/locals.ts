import type { CopyOp, OpId } from '@hlb/ir';
import { type BuiltinCall, textAt } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import type { ModuleFiles } from '../scope.js';
import { lastOptionTexts, type Value } from '../values.js';

/** Files beside a module: of this host, or of what the module was taken from. */
export function local(e: Evaluation, call: BuiltinCall): Value {
  const { instance } = call.scope;
  if (instance.remote === true) return ofModule(e, call, instance.files);
  e.locals += 1;
  const source = e.add({
    kind: 'local',
    path: textAt(call, 0),
    base: instance.directory,
    include: lastOptionTexts(call.options, 'includePatterns'),
    exclude: lastOptionTexts(call.options, 'excludePatterns'),
    generation: e.generation,
    resolved: undefined,
    origins: [call.origin],
  });
  return call.scope.locals === 'copied' ? e.addFs(copyOf(e, source)) : { kind: 'fs', op: source };
}

/** In a module from elsewhere a local is a file or directory of what the module was taken from, and nothing of this host. */
function ofModule(e: Evaluation, call: BuiltinCall, files: ModuleFiles | undefined): Value {
  const path = textAt(call, 0);
  const atHome = typeof path.text === 'string' && (path.text === '~' || path.text.startsWith('~/'));
  if (files === undefined || atHome) {
    e.report('HLB0705', call.scope.frame, {
      message: atHome ? 'a module from elsewhere has no home directory' : 'the files of this module are not known here',
      at: call.args[0]?.at ?? call.origin.span,
      label: atHome ? 'it would be yours' : 'what is beside the module is not known',
      notes: [`${call.scope.instance.checked.file.name} was not read from this machine.`],
      helps: [
        'Give what it needs to its functions as an argument of kind fs, or fetch it there with git, http or image.',
      ],
    });
    return { kind: 'fs', op: e.emptyFs() };
  }
  const origins = [call.origin];
  const root = e.add({ kind: 'definition', def: files.def, config: '', origins });
  // A relative path starts from the directory of what is copied from.
  const source = e.add({ kind: 'dir', input: root, path: { text: files.directory }, origins });
  return e.addFs({
    ...copyOf(e, source),
    src: path,
    followSymlinks: true,
    contentsOnly: true,
    include: lastOptionTexts(call.options, 'includePatterns'),
    exclude: lastOptionTexts(call.options, 'excludePatterns'),
    origins,
  });
}

/** All of a file system, in an empty one. */
function copyOf(e: Evaluation, source: OpId): CopyOp {
  return {
    kind: 'copy',
    input: e.emptyFs(),
    source,
    src: { text: '/' },
    dst: { text: '/' },
    followSymlinks: false,
    contentsOnly: false,
    unpack: false,
    createDestPath: false,
    allowWildcard: false,
    allowEmptyWildcard: false,
    chown: undefined,
    chmod: undefined,
    createdTime: undefined,
    include: [],
    exclude: [],
    link: false,
    continued: false,
    origins: [],
  };
}
