import type { LocalOp, Op } from '@hlb/ir';
import { type BuiltinCall, fsAt, textAt } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import { lastOptionTexts, optionFlag, optionNumber, optionPair, optionText, type Value } from '../values.js';
import type { BuiltinHandlers } from './handler.js';
import { flag, list, number, option, pair, text } from './options.js';

/** File systems that come from elsewhere; they replace the value of the block. */
export const sourceHandlers: BuiltinHandlers = {
  'fs scratch': (e, { origin }) => e.addFs({ kind: 'scratch', origins: [origin] }),
  'fs image': (e, call) => {
    const platform = optionPair(call.options, 'platform');
    return e.addFs({
      kind: 'image',
      ref: textAt(call, 0),
      platform: platform === undefined ? undefined : { os: platform.first, arch: platform.second },
      origins: [call.origin],
    });
  },
  'fs http': (e, call) =>
    e.addFs({
      kind: 'http',
      url: textAt(call, 0),
      checksum: optionText(call.options, 'checksum'),
      chmod: optionNumber(call.options, 'chmod'),
      filename: optionText(call.options, 'filename'),
      origins: [call.origin],
    }),
  'fs git': (e, call) =>
    e.addFs({
      kind: 'git',
      remote: textAt(call, 0),
      ref: textAt(call, 1),
      keepGitDir: optionFlag(call.options, 'keepGitDir'),
      origins: [call.origin],
    }),
  'fs local': local,
  'fs frontend': (e, call) =>
    e.addFs({
      kind: 'frontend',
      source: textAt(call, 0),
      opts: call.options.flatMap((given) =>
        given.kind === 'pair' && given.name === 'opt' ? [{ key: given.first, value: given.second }] : [],
      ),
      inputs: call.options.flatMap((given) => (given.kind === 'input' ? [{ key: given.key, value: given.value }] : [])),
      origins: [call.origin],
    }),
  'option::image resolve': flag,
  'option::image platform': pair,
  'option::http checksum': text,
  'option::http chmod': number,
  'option::http filename': text,
  'option::git keepGitDir': flag,
  'option::local includePatterns': list,
  'option::local excludePatterns': list,
  'option::frontend input': (_, call) => option(call, { kind: 'input', key: textAt(call, 0), value: fsAt(call, 1) }),
  'option::frontend opt': pair,
};

function local(e: Evaluation, call: BuiltinCall): Value {
  if (call.scope.instance.remote === true) {
    e.report('HLB0705', call.scope.frame, {
      message: 'a module from elsewhere has no local files',
      at: call.args[0]?.at ?? call.origin.span,
      label: 'nothing of this host is beside the module',
      notes: [`${call.scope.instance.checked.file.name} was not read from this machine.`],
      helps: [
        'Give what it needs to its functions as an argument of kind fs, or fetch it there with git, http or image.',
      ],
    });
    return { kind: 'fs', op: e.emptyFs() };
  }
  e.locals += 1;
  const op: LocalOp = {
    kind: 'local',
    path: textAt(call, 0),
    base: call.scope.instance.directory,
    include: lastOptionTexts(call.options, 'includePatterns'),
    exclude: lastOptionTexts(call.options, 'excludePatterns'),
    generation: e.generation,
    resolved: undefined,
    origins: [call.origin],
  };
  const source = e.add(op);
  if (call.scope.locals !== 'copied') return { kind: 'fs', op: source };
  const copy: Op = {
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
  return e.addFs(copy);
}
