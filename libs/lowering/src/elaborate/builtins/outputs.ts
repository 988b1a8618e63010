import type { OutputOp } from '@hlb/ir';
import { type BuiltinCall, inputOf, textAt } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import { optionFlag, type Value } from '../values.js';
import type { BuiltinHandlers } from './handler.js';
import { flag } from './options.js';

/** What leaves the build; the value of the block goes on after it. */
export const outputHandlers: BuiltinHandlers = {
  'fs dockerPush': (e, call) => {
    const push = output(e, {
      kind: 'docker-push',
      input: inputOf(call),
      ref: textAt(call, 0),
      stargz: optionFlag(call.options, 'stargz'),
      origins: [call.origin],
    });
    const { binding, pushes } = call.scope;
    if (call.call.kind === 'call-stmt' && call.call.bind !== undefined && push.kind === 'fs') {
      pushes.set(call.call.bind, push.op);
    }
    if (call.bound === 'digest' && binding !== undefined && push.kind === 'fs') {
      const digest = e.add({ kind: 'push-digest', push: push.op, origins: [call.origin] });
      binding.result = { kind: 'string', text: digest };
    }
    return push;
  },
  'fs dockerLoad': (e, call) =>
    output(e, { kind: 'docker-load', input: inputOf(call), ref: textAt(call, 0), origins: [call.origin] }),
  'fs download': (e, call) => download(e, call, 'download'),
  'fs downloadTarball': (e, call) => download(e, call, 'download-tarball'),
  'fs downloadOCITarball': (e, call) =>
    output(e, {
      kind: 'download-oci-tarball',
      input: inputOf(call),
      path: textAt(call, 0),
      base: call.scope.instance.directory,
      ref: undefined,
      origins: [call.origin],
    }),
  'fs downloadDockerTarball': (e, call) =>
    output(e, {
      kind: 'download-docker-tarball',
      input: inputOf(call),
      path: textAt(call, 0),
      base: call.scope.instance.directory,
      ref: textAt(call, 1),
      origins: [call.origin],
    }),
  'option::dockerPush stargz': flag,
};

function download(e: Evaluation, call: BuiltinCall, kind: 'download' | 'download-tarball'): Value {
  return output(e, {
    kind,
    input: inputOf(call),
    path: textAt(call, 0),
    base: call.scope.instance.directory,
    origins: [call.origin],
  });
}

function output(e: Evaluation, op: OutputOp): Value {
  const id = e.add(op);
  e.outputs.push(id);
  return { kind: 'fs', op: id };
}
