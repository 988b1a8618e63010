import type { CommandOp, ManifestOp, OpId } from '@hlb/ir';
import { type BuiltinCall, textAt, textsFrom } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import { optionFlag, optionPair, type Value } from '../values.js';
import type { BuiltinHandlers } from './handler.js';
import { flag, pair } from './options.js';

/** Texts. What depends on the host, a registry or a later text becomes an op; the passes fold what they can. */
export const stringHandlers: BuiltinHandlers = {
  'string format': (e, call) =>
    string(e.add({ kind: 'format', format: textAt(call, 0), values: textsFrom(call, 1), origins: [call.origin] })),
  'string localArch': (e, { origin }) => string(e.add({ kind: 'host-arch', origins: [origin] })),
  'string localOs': (e, { origin }) => string(e.add({ kind: 'host-os', origins: [origin] })),
  'string localCwd': (e, { origin }) => string(e.add({ kind: 'host-cwd', origins: [origin] })),
  'string localEnv': (e, call) => string(e.add({ kind: 'host-env', key: textAt(call, 0), origins: [call.origin] })),
  'string localRun': localRun,
  'string manifest': (e, call) => {
    const platform = optionPair(call.options, 'platform');
    return string(
      e.add({
        kind: 'manifest',
        ref: textAt(call, 0),
        platform: platform === undefined ? undefined : { os: platform.first, arch: platform.second },
        part: manifestPart(call.bound),
        origins: [call.origin],
      }),
    );
  },
  'string template': (e, call) =>
    string(
      e.add({
        kind: 'template',
        template: textAt(call, 0),
        fields: call.options.flatMap((given) =>
          given.kind === 'pair' && given.name === 'stringField' ? [{ name: given.first, value: given.second }] : [],
        ),
        origins: [call.origin],
      }),
    ),
  'option::localRun ignoreError': flag,
  'option::localRun includeStderr': flag,
  'option::localRun onlyStderr': flag,
  'option::localRun shlex': flag,
  'option::manifest platform': pair,
  'option::template stringField': pair,
};

function string(text: OpId): Value {
  return { kind: 'string', text };
}

function localRun(e: Evaluation, call: BuiltinCall): Value {
  e.nextGeneration();
  const op: CommandOp = {
    kind: 'command',
    args: textsFrom(call, 0),
    shlex: optionFlag(call.options, 'shlex'),
    ignoreError: optionFlag(call.options, 'ignoreError'),
    capture: capture(call),
    base: call.scope.instance.directory,
    origins: [call.origin],
  };
  return string(e.add(op));
}

function capture(call: BuiltinCall): CommandOp['capture'] {
  if (optionFlag(call.options, 'onlyStderr')) return 'stderr';
  return optionFlag(call.options, 'includeStderr') ? 'both' : 'stdout';
}

function manifestPart(effect: string | undefined): ManifestOp['part'] {
  return effect === 'digest' || effect === 'config' || effect === 'index' ? effect : 'manifest';
}
