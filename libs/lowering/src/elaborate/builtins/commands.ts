import type { MountOption, Origin, RunOption } from '@hlb/ir';
import { type BuiltinCall, calleeSpan, fsAt, inputOf, textAt, textsFrom } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import { spanOf } from '../scope.js';
import {
  type OptionValue,
  optionFlag,
  optionNumber,
  optionPair,
  optionText,
  optionTexts,
  type Value,
} from '../values.js';
import type { BuiltinHandlers } from './handler.js';
import { flag, list, number, pair, runOption, text } from './options.js';

/** Running commands, and what they see. */
export const commandHandlers: BuiltinHandlers = {
  'fs shell': (e, call) =>
    e.addFs({ kind: 'shell', input: inputOf(call), args: textsFrom(call, 0), origins: [call.origin] }),
  'fs run': run,
  'fs env': (e, call) =>
    e.addFs({
      kind: 'env',
      input: inputOf(call),
      key: textAt(call, 0),
      value: textAt(call, 1),
      origins: [call.origin],
    }),
  'fs dir': (e, call) => e.addFs({ kind: 'dir', input: inputOf(call), path: textAt(call, 0), origins: [call.origin] }),
  'fs user': (e, call) =>
    e.addFs({ kind: 'user', input: inputOf(call), name: textAt(call, 0), origins: [call.origin] }),

  'option::run readonlyRootfs': (_, call) => runOption(call, { kind: 'readonly-rootfs' }),
  'option::run shlex': (_, call) => runOption(call, { kind: 'shlex' }),
  'option::run env': (_, call) => runOption(call, { kind: 'env', key: textAt(call, 0), value: textAt(call, 1) }),
  'option::run dir': (_, call) => runOption(call, { kind: 'dir', path: textAt(call, 0) }),
  'option::run user': (_, call) => runOption(call, { kind: 'user', name: textAt(call, 0) }),
  'option::run ignoreCache': (e, call) => {
    e.nonces += 1;
    return runOption(call, { kind: 'ignore-cache', nonce: e.nonces });
  },
  'option::run network': (_, call) => runOption(call, { kind: 'network', mode: textAt(call, 0) }),
  'option::run security': (_, call) => runOption(call, { kind: 'security', mode: textAt(call, 0) }),
  'option::run host': (_, call) => runOption(call, { kind: 'host', name: textAt(call, 0), address: textAt(call, 1) }),
  'option::run ssh': (_, call) =>
    runOption(call, {
      kind: 'ssh',
      target: optionText(call.options, 'target'),
      localPaths: optionTexts(call.options, 'localPaths'),
      ...attributes(call.options),
      base: call.scope.instance.directory,
      at: calleeSpan(call),
    }),
  'option::run forward': (_, call) =>
    runOption(call, {
      kind: 'forward',
      source: textAt(call, 0),
      target: textAt(call, 1),
      ...attributes(call.options),
      base: call.scope.instance.directory,
      at: calleeSpan(call),
    }),
  'option::run secret': (_, call) =>
    runOption(call, {
      kind: 'secret',
      localPath: textAt(call, 0),
      target: textAt(call, 1),
      include: optionTexts(call.options, 'includePatterns'),
      exclude: optionTexts(call.options, 'excludePatterns'),
      ...attributes(call.options),
      base: call.scope.instance.directory,
      at: calleeSpan(call),
    }),
  'option::run mount': mount,

  'option::forward uid': number,
  'option::forward gid': number,
  'option::forward mode': number,
  'option::ssh target': text,
  'option::ssh localPaths': list,
  'option::ssh uid': number,
  'option::ssh gid': number,
  'option::ssh mode': number,
  'option::secret uid': number,
  'option::secret gid': number,
  'option::secret mode': number,
  'option::secret includePatterns': list,
  'option::secret excludePatterns': list,
  'option::mount readonly': flag,
  'option::mount tmpfs': flag,
  'option::mount sourcePath': text,
  'option::mount cache': pair,
};

/** All runs share it until a pass keeps the mounts of one. */
const noMounts: readonly number[] = [];

function run(e: Evaluation, call: BuiltinCall): Value {
  const args = textsFrom(call, 0);
  if (args.length === 0) {
    e.report('HLB0512', call.scope.frame, {
      message: 'run needs at least one argument: the command',
      at: calleeSpan(call),
    });
    return call.value;
  }
  const given = call.options.filter((option) => option.kind === 'run');
  const bound = given.findLastIndex((option) => option.bound);
  return e.addFs({
    kind: 'run',
    input: inputOf(call),
    args,
    options: given.map(({ option, origin }) => placedOption(option, origin, call.origin)),
    result: bound === -1 ? 'root' : bound,
    keeps: noMounts,
    origins: [call.origin],
  });
}

/** The option with the calls around it, where it does not stand in the `with` of the run itself. */
function placedOption(option: RunOption, { span, caller }: Origin, run: Origin): RunOption {
  return caller === undefined || caller === run ? option : { ...option, at: span, caller };
}

/** Whether the call has an `as` that names something. */
function isNamed({ call }: BuiltinCall): boolean {
  const target = call.kind === 'call-stmt' ? call.bind?.target : undefined;
  return target?.kind === 'bind-list' ? target.items.some(({ kind }) => kind === 'bind-item') : target !== undefined;
}

function mount(e: Evaluation, call: BuiltinCall): Value {
  const cache = optionPair(call.options, 'cache');
  const given: MountOption = {
    kind: 'mount',
    input: fsAt(call, 0),
    target: textAt(call, 1),
    readonly: optionFlag(call.options, 'readonly'),
    tmpfs: optionFlag(call.options, 'tmpfs'),
    sourcePath: optionText(call.options, 'sourcePath'),
    cache: cache === undefined ? undefined : { id: cache.first, sharing: cache.second },
    named: isNamed(call) && cache === undefined,
    at: calleeSpan(call),
  };
  const bound = call.bound === 'target';
  if (bound && cache !== undefined && call.call.kind === 'call-stmt' && call.call.bind !== undefined) {
    e.report('HLB0514', call.scope.frame, {
      message: 'a cache mount has no result that could be bound: its contents belong to the engine',
      at: spanOf(call.scope, call.call.bind.keyword),
      related: cacheSpans(call),
    });
  }
  return runOption(call, given, bound && cache === undefined);
}

function cacheSpans(call: BuiltinCall): { span: ReturnType<typeof calleeSpan>; message: string }[] {
  const found = call.options.findLast((given) => given.kind === 'pair' && given.name === 'cache');
  return found?.kind === 'pair' ? [{ span: found.at, message: 'it is a cache mount because of this option' }] : [];
}

function attributes(options: readonly OptionValue[]): {
  uid: bigint | undefined;
  gid: bigint | undefined;
  mode: bigint | undefined;
} {
  return { uid: optionNumber(options, 'uid'), gid: optionNumber(options, 'gid'), mode: optionNumber(options, 'mode') };
}
