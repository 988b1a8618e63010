import { ControlService } from '@hlb/proto/control';
import { expect, test } from 'vitest';
import { FakeEngine as SessionEngine } from '../session/fixtures/fake-engine.js';
import { errorOf, FILE, fake, isTold, session } from './fixtures/public-calls.js';

const MAP = 'a Map, as new Map(Object.entries({ … })) makes of an object';
const frontend = 'f';
/** What people write, and what they are told. */
const MISTAKES: readonly (readonly [name: string, given: () => readonly unknown[], message: RegExp | string])[] = [
  ['openSession', () => [], 'openSession: connection must be a connection, as connect gives it, not undefined'],
  ['openSession', () => ['unix:///x'], /connection must be a connection, as connect gives it, not a text/],
  ['openSession', () => [new SessionEngine(), null], 'openSession: options must be an object, not null'],
  ['openSession', () => [new SessionEngine(), { auth: true }], /options.auth must be an object, not true/],
  ['openSession', () => [new SessionEngine(), { id: '' }], /options.id must be a text that is not empty/],
  ['connect', () => [undefined], /an engine's address must be a text, not undefined/],
  ['connect', () => [{}], /an engine's address must be a text, not \[object Object\]/],
  ['connect', () => ['unix:///x', { timeout: '5' }], /options.timeout must be a number of milliseconds, not a text/],
  ['connect', () => ['tcp://x:1', { tls: true }], /options.tls must be an object, not true/],
  ['connect', () => ['unix:///x', { signal: new AbortController() }], /an AbortSignal, not an AbortController/],
  ['connectFirst', () => ['unix:///x'], /takes what engineAddresses gives; connect takes an address/],
  ['connectFirst', () => [['unix:///x']], /candidates\[0\] must be an object, not a text/],
  ['solve', () => [fake.connection, {}], /needs a definition or a frontend.*openGateway/],
  ['solve', () => [{ frontend }], /connection must be a connection, as connect gives it, not an object/],
  [
    'solve',
    () => [fake.connection, { frontend, definition: { def: [], digests: [] } }],
    /either a definition or a frontend/,
  ],
  ['solve', () => [fake.connection, { definition: { vertex: {} } }], /must be a definition, as marshal of @hlb/],
  ['solve', () => [fake.connection, { definition: { def: [] } }], /must be a definition, as marshal of @hlb/],
  [
    'solve',
    () => [fake.connection, { frontend, frontendInputs: new Map([['context', {}]]) }],
    /Inputs: context must be/,
  ],
  [
    'solve',
    () => [fake.connection, { frontend, frontendAttrs: { target: 't' } }],
    `options.frontendAttrs must be ${MAP}`,
  ],
  ['solve', () => [fake.connection, { frontend, frontendAttrs: new Map([['n', 1]]) }], /Attrs: n must be a text/],
  [
    'solve',
    () => [fake.connection, { frontend, exporters: { type: 'image' } }],
    /exporters must be a list, not an object/,
  ],
  [
    'solve',
    () => [fake.connection, { frontend, exporters: [{ type: 'x', attrs: {} }] }],
    /exporters\[0\].attrs must be a Map/,
  ],
  ['solve', () => [fake.connection, { frontend, cacheImports: [{ attrs: new Map() }] }], /\[0\].type must be a text/],
  [
    'solve',
    () => [fake.connection, { frontend, session }],
    /options.session must be a session's id, a text, not an Open/,
  ],
  [
    'solve',
    () => [fake.connection, { frontend, entitlements: 'network.host' }],
    /entitlements must be a list, not a text/,
  ],
  ['solve', () => [fake.connection, { frontend }, { signal: true }], /call.signal must be an AbortSignal, not true/],
  ['prune', () => [fake.connection, { keepDuration: 5 }], /keepDuration must be a bigint, as 5n, not the number 5/],
  ['buildHistory', () => [fake.connection, { filter: 'x' }], /options.filter must be a function, not a text/],
  ['updateBuildHistory', () => [fake.connection, 'r', 'remove'], /must be 'delete', 'finalize' or \{ pinned/],
  [
    'sourcePolicy',
    () => [[{ kind: 'deny', selector: 'git://*' }]],
    /rules\[0\].selector must be an object, not a text/,
  ],
  ['Gateway.readFile', () => [undefined, '/x'], /ref is no reference to read from: the result is scratch/],
  ['Gateway.newContainer', () => [{ mounts: [] }], /a container needs mounts, with a result at \//],
  ['Gateway.newContainer', () => [{}], /options.mounts must be a list, not undefined/],
  ['Container.start', () => [{ args: 'ls -l' }], /args must be a list of texts, the program first, not a text/],
  ['Container.start', () => [{ args: [] }], /args must be a list of texts, the program first/],
  ['Session.addDirectory', () => ['/tmp'], /directory must be an object, not a text/],
  ['Session.addDirectory', () => [{ name: 'x' }], /directory.path must be a text that is not empty, not undefined/],
  ['Session.addDirectory', () => [{ name: 'x', path: '/x', include: '*.txt' }], /include must be a list, not a text/],
  [
    'Session.addTarget',
    () => [{ exporterId: 0, kind: 'dir', path: '/x' }],
    /kind must be one of 'directory', 'file', 's/,
  ],
  [
    'Session.addTarget',
    () => [{ kind: 'directory', path: '/x' }],
    /target.exporterId must be a whole number from 0 on/,
  ],
  [
    'Session.addTarget',
    () => [{ exporterId: 0, kind: 'stream', sink: '/x' }],
    /target.sink must be a stream to write to/,
  ],
  ['Session.addSecret', () => [{ source: FILE }], /secret.id must be a text, not undefined/],
  ['Session.addSecret', () => [{ id: 'x', value: 'y' }], /secret.source must be an object, not undefined/],
  [
    'Session.addSecret',
    () => [{ id: 'x', source: { kind: 'value', value: 5 } }],
    /a text or a Uint8Array, not the number/,
  ],
  ['Session.addAgent', () => [{}], /agent.kind must be one of 'agent', 'keys', 'forward', not undefined/],
  ['Session.addAgent', () => [{ kind: 'keys', files: '~/.ssh/id' }], /agent.files must be a list, not a text/],
  ['Session.addContentStore', () => [{ id: 'x' }], /store.path must be a text that is not empty/],
  ['Session.addUpload', () => ['text'], /source must be a stream, as Readable.from\(\[bytes\]\) makes one, not a text/],
  ['Session.addUpload', () => [Buffer.from('text')], /must be a stream, as Readable.from.*, not a Buffer/],
];

test.each(MISTAKES.map(([name, , message], place) => [name, message, place] as const))(
  '%s: %s',
  async (name, message, place) => {
    const [, given] = MISTAKES[place] ?? [];
    const error = await errorOf(name, given?.() ?? []);
    expect(error).toSatisfy((value: unknown) => value instanceof TypeError || isTold(value));
    expect(error instanceof Error ? error.message : error).toEqual(
      typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    );
    // Nothing of it has reached the engine.
    expect(fake.engine.calls.filter((path) => path === ControlService.solve.path)).toHaveLength(1);
  },
);
