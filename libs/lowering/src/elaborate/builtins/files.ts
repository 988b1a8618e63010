import { type BuiltinCall, calleeSpan, fsAt, fsOf, inputOf, intAt, textAt } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import { optionFlag, optionNumber, optionText, optionTexts, type Value } from '../values.js';
import type { BuiltinHandlers } from './handler.js';
import { flag, list, number, text } from './options.js';

/** Changes of files. */
export const fileHandlers: BuiltinHandlers = {
  'fs mkdir': (e, call) =>
    e.addFs({
      kind: 'mkdir',
      input: inputOf(call),
      path: textAt(call, 0),
      mode: intAt(call, 1),
      createParents: optionFlag(call.options, 'createParents'),
      chown: optionText(call.options, 'chown'),
      createdTime: optionText(call.options, 'createdTime'),
      continued: false,
      origins: [call.origin],
    }),
  'fs mkfile': (e, call) =>
    e.addFs({
      kind: 'mkfile',
      input: inputOf(call),
      path: textAt(call, 0),
      mode: intAt(call, 1),
      content: textAt(call, 2),
      chown: optionText(call.options, 'chown'),
      createdTime: optionText(call.options, 'createdTime'),
      continued: false,
      origins: [call.origin],
    }),
  'fs rm': (e, call) =>
    e.addFs({
      kind: 'rm',
      input: inputOf(call),
      path: textAt(call, 0),
      allowNotFound: optionFlag(call.options, 'allowNotFound'),
      allowWildcard: optionFlag(call.options, 'allowWildcard'),
      continued: false,
      origins: [call.origin],
    }),
  'fs copy': (e, call) =>
    e.addFs({
      kind: 'copy',
      input: inputOf(call),
      source: fsAt(call, 0),
      src: textAt(call, 1),
      dst: textAt(call, 2),
      followSymlinks: optionFlag(call.options, 'followSymlinks'),
      contentsOnly: optionFlag(call.options, 'contentsOnly'),
      unpack: optionFlag(call.options, 'unpack'),
      createDestPath: optionFlag(call.options, 'createDestPath'),
      allowWildcard: optionFlag(call.options, 'allowWildcard'),
      allowEmptyWildcard: optionFlag(call.options, 'allowEmptyWildcard'),
      chown: optionText(call.options, 'chown'),
      chmod: optionNumber(call.options, 'chmod'),
      createdTime: optionText(call.options, 'createdTime'),
      include: optionTexts(call.options, 'includePatterns'),
      exclude: optionTexts(call.options, 'excludePatterns'),
      link: false,
      continued: false,
      origins: [call.origin],
    }),
  'fs merge': merge,
  'fs diff': (e, call) => e.addFs({ kind: 'diff', base: fsAt(call, 0), input: inputOf(call), origins: [call.origin] }),

  'option::mkdir createParents': flag,
  'option::mkdir chown': text,
  'option::mkdir createdTime': text,
  'option::mkfile chown': text,
  'option::mkfile createdTime': text,
  'option::rm allowNotFound': flag,
  'option::rm allowWildcard': flag,
  'option::copy followSymlinks': flag,
  'option::copy contentsOnly': flag,
  'option::copy unpack': flag,
  'option::copy createDestPath': flag,
  'option::copy allowWildcard': flag,
  'option::copy allowEmptyWildcard': flag,
  'option::copy chown': text,
  'option::copy chmod': number,
  'option::copy createdTime': text,
  'option::copy includePatterns': list,
  'option::copy excludePatterns': list,
};

function merge(e: Evaluation, call: BuiltinCall): Value {
  if (call.args.length === 0) {
    e.report('HLB0513', call.scope.frame, {
      message: 'merge needs at least one argument: the file systems to lay over the current one',
      at: calleeSpan(call),
    });
    return call.value;
  }
  return e.addFs({ kind: 'merge', inputs: [inputOf(call), ...call.args.map(fsOf)], origins: [call.origin] });
}
