import { fsAt, textAt } from '../builtin-call.js';
import { optionFlag, optionNumber, optionPair, optionText } from '../values.js';
import type { BuiltinHandlers } from './handler.js';
import { local } from './locals.js';
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
