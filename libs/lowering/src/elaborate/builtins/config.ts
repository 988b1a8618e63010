import { inputOf, textAt, textsFrom } from '../builtin-call.js';
import type { BuiltinHandlers } from './handler.js';

/** The image configuration. */
export const configHandlers: BuiltinHandlers = {
  'fs entrypoint': (e, call) =>
    e.addFs({ kind: 'entrypoint', input: inputOf(call), args: textsFrom(call, 0), origins: [call.origin] }),
  'fs cmd': (e, call) =>
    e.addFs({ kind: 'cmd', input: inputOf(call), args: textsFrom(call, 0), origins: [call.origin] }),
  'fs label': (e, call) =>
    e.addFs({
      kind: 'label',
      input: inputOf(call),
      key: textAt(call, 0),
      value: textAt(call, 1),
      origins: [call.origin],
    }),
  'fs expose': (e, call) =>
    e.addFs({ kind: 'expose', input: inputOf(call), ports: textsFrom(call, 0), origins: [call.origin] }),
  'fs volumes': (e, call) =>
    e.addFs({ kind: 'volumes', input: inputOf(call), paths: textsFrom(call, 0), origins: [call.origin] }),
  'fs stopSignal': (e, call) =>
    e.addFs({ kind: 'stop-signal', input: inputOf(call), signal: textAt(call, 0), origins: [call.origin] }),
};
