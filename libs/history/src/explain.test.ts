import type { DirectoryListener } from '@hlb/buildkit';
import {
  customNameKey,
  type Definition,
  exec,
  file,
  imageSource,
  localSource,
  marshal,
  merge,
  type Output,
} from '@hlb/llb';
import type { SolveEvent } from '@hlb/runtime';
import { expect, test } from 'vitest';
import { type Explanation, explainBuild } from './explain.js';
import { shownText } from './hidden-text.js';
import type { RememberedBuild } from './record.js';
import { BuildRecorder, type EndedBuild } from './recorder.js';

const platform = { os: 'linux', architecture: 'amd64' };
const key = new Uint8Array(32);

/** A build as it is described: its result, what ran (by a part of the name), and files that were sent. */
interface Told {
  readonly result: Output;
  readonly program?: string;
  readonly session?: string;
  /** Vertices that ran; others were cached. */
  readonly ran: RegExp;
  readonly failed?: RegExp;
  /** Vertices that were begun and cancelled. */
  readonly cancelled?: RegExp;
  readonly engine?: string;
  readonly outcome?: EndedBuild['outcome'];
  /** Sizes of the files of the directory `src`. */
  readonly files?: Readonly<Record<string, number>>;
}

/** What is remembered of a build, as it comes out of the store. */
function remembered(told: Told): RememberedBuild {
  const { result, program = '', session = 'session-one', files, engine = 'unix:///one', outcome = 'done' } = told;
  const definition = marshal(result, { platform });
  const recorder = new BuildRecorder();
  if (files !== undefined) sendFiles(recorder, files);
  for (const event of eventsOf(definition, told)) recorder.take(event);
  const ended = { definitions: [definition], sessionId: session, engine, outcome, programs: [program], time: 1 };
  const { run, graph, lists } = recorder.finish(ended, key);
  return { run, steps: graph().steps, lists: new Map([...lists].map(([name, list]) => [name, list()])) };
}

function sendFiles(recorder: BuildRecorder, files: Readonly<Record<string, number>>): void {
  recorder.listen({
    onDirectory(listener: DirectoryListener) {
      const entry = listener({ name: 'src', include: [], exclude: ['*.o'], follow: [] });
      for (const [path, size] of Object.entries(files)) {
        entry?.({ path, mode: 0o644, size: BigInt(size), modTime: 5n, linkname: '' });
      }
      return () => undefined;
    },
  });
}

function* eventsOf({ digests, metadata }: Definition, { ran, failed, cancelled }: Told): Generator<SolveEvent> {
  for (const digest of digests.slice(0, -1)) {
    const name = metadata.get(digest)?.description?.[customNameKey] ?? 'source';
    const state = { digest, name, inputs: [], started: 1 };
    const step = 'solve-1' as Extract<SolveEvent, { kind: 'vertex' }>['step'];
    if (failed?.test(name) === true)
      yield { kind: 'vertex', step, ...state, cached: false, completed: 2, error: 'exit code: 1' };
    else if (cancelled?.test(name) === true)
      yield { kind: 'vertex', step, ...state, cached: false, completed: 2, error: 'context canceled' };
    else yield { kind: 'vertex', step, ...state, cached: !ran.test(name), completed: 2 };
  }
}

function run(base: Output, command: string, more: Partial<Parameters<typeof exec>[0]> = {}): Output {
  const done = exec({
    ...{ base, args: ['/bin/sh', '-c', command], cwd: '/', platform },
    description: { [customNameKey]: command },
    locations: [
      {
        file: { filename: 'build.hlb', data: new Uint8Array(), language: 'HLB' },
        ranges: [{ start: { line: lineOf(command), character: 2 }, end: { line: 9, character: 2 } }],
      },
    ],
    ...more,
  });
  return done.root ?? base;
}

/** Where a command stands: by its first word, so that what is changed in it stays where it was. */
function lineOf(command: string): number {
  return command.charCodeAt(0);
}

const image = (digest = 'a'): Output =>
  imageSource({ ref: `docker.io/library/alpine:3@sha256:${digest.repeat(64)}`, platform });
const local = (sessionId = 'session-one'): Output => localSource({ name: 'src', sessionId, excludePatterns: ['*.o'] });

function explained(before: Told, after: Told): Explanation {
  return explainBuild(remembered(after), remembered(before));
}

test('what was begun and cancelled came from the cache if the build is done, and else did not get as far', () => {
  const result = run(run(image(), 'make'), 'test');
  const begun = { result, ran: /never/, cancelled: /make/, program: 'make' };
  const done = explained({ result, ran: /./ }, begun);
  expect(done).toMatchObject({ cached: 2, steps: [] });
  const stopped = explained({ result, ran: /./ }, { ...begun, outcome: 'cancelled' });
  expect(stopped).toMatchObject({ cached: 1, steps: [{ name: 'run make', state: 'cancelled' }] });
});

test('without a build from before, everything is the first', () => {
  const { steps } = explainBuild(remembered({ result: run(image(), 'make'), ran: /make/ }));
  expect(steps).toMatchObject([{ reasons: [{ kind: 'first-build' }], place: 'build.hlb:109:2' }]);
});

test('a command changed; what is above follows from it, through other steps', () => {
  const graph = (command: string): Output => run(run(run(image(), command), 'second'), 'third');
  const { steps, cached } = explained(
    { result: graph('make all'), ran: /./, program: 'make all second third' },
    { result: graph('make fast'), ran: /make|second|third/, program: 'make fast second third' },
  );
  expect(cached).toBe(0);
  expect(steps).toEqual([
    {
      name: 'run make fast',
      place: 'build.hlb:109:2',
      state: 'ran',
      causes: [0],
      reasons: [{ kind: 'command', before: 'make all', after: 'make fast' }],
    },
    {
      name: 'run second',
      place: 'build.hlb:115:2',
      state: 'ran',
      causes: [0],
      reasons: [{ kind: 'input', step: 0, causes: [0] }],
    },
    {
      name: 'run third',
      place: 'build.hlb:116:2',
      state: 'ran',
      causes: [0],
      reasons: [{ kind: 'input', step: 1, causes: [0] }],
    },
  ]);
});

test('environment, directory, a mount: each by its name, with words of the program only', () => {
  const graph = (token: string, mode: string, cwd: string): Output =>
    run(image(), 'make', {
      env: [
        ['TOKEN', token],
        ['MODE', mode],
      ],
      cwd,
      mounts: [{ dest: '/src', source: local() }],
    });
  const { steps } = explained(
    { result: graph('hunter2', 'fast', '/a'), ran: /./, program: 'fast' },
    { result: graph('correct-horse', 'slow', '/b'), ran: /make/, program: 'slow /b' },
  );
  const [first] = steps;
  const reasons = first?.reasons ?? [];
  expect(reasons).toMatchObject([
    { kind: 'setting', name: 'env TOKEN' },
    { kind: 'setting', name: 'env MODE', before: 'fast', after: 'slow' },
    { kind: 'setting', name: 'dir', after: '/b' },
    { kind: 'files-unknown', directory: 'src' },
  ]);
  expect(JSON.stringify(steps)).not.toMatch(/hunter2|horse/);
  expect(reasons[0]).toMatchObject({
    before: expect.stringMatching(/^‹.{8}›$/),
    after: expect.stringMatching(/^‹.{8}›$/),
  });
  expect(shownText('a ‹01234567› b')).toBe('a ••• b');
});

test('another session, another line of the program: the same step', () => {
  const graph = (session: string): Output =>
    run(image(), 'make', { mounts: [{ dest: '/src', source: local(session) }] });
  const { steps } = explained(
    { result: graph('session-one'), session: 'session-one', ran: /./, files: { a: 1 } },
    { result: graph('session-two'), session: 'session-two', ran: /make/, files: { a: 1 } },
  );
  expect(steps).toMatchObject([{ reasons: [{ kind: 'not-in-cache' }] }]);
});

test('files of a directory: those that the step reads', () => {
  const copy = (session: string, src: string): Output =>
    file({
      base: image(),
      actions: [{ kind: 'copy', from: local(session), src, dest: '/' }],
      description: { [customNameKey]: 'copy' },
    });
  const told = (files: Readonly<Record<string, number>>, src: string): Told => ({
    result: copy('session-one', src),
    ran: /copy/,
    program: '/lib',
    files,
  });
  const all = explained(told({ a: 1, 'lib/b': 1, 'lib/c': 1 }, '/'), told({ a: 2, 'lib/c': 1, 'lib/d': 1 }, '/'));
  expect(all.steps).toMatchObject([
    { reasons: [{ kind: 'files', directory: 'src', changed: ['a'], added: ['lib/d'], removed: ['lib/b'] }] },
  ]);
  const some = explained(told({ a: 1, 'lib/b': 1 }, '/lib'), told({ a: 2, 'lib/b': 2 }, '/lib'));
  expect(some.steps).toMatchObject([{ reasons: [{ kind: 'files', changed: ['lib/b'], added: [], removed: [] }] }]);
});

test("an image's digest", () => {
  const { steps } = explained(
    { result: run(image('a'), 'make'), ran: /./ },
    { result: run(image('b'), 'make'), ran: /make/ },
  );
  expect(steps).toMatchObject([
    { reasons: [{ kind: 'image', before: `sha256:${'a'.repeat(64)}`, after: `sha256:${'b'.repeat(64)}` }] },
  ]);
});

test('ignoreCache, another engine, a build before that failed, a step that is new', () => {
  const again = (nonce: string): Output => run(image(), 'make', { env: [['HLB_IGNORE_CACHE', nonce]] });
  const [one, other] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
  const ignored = explained({ result: again(one), ran: /./ }, { result: again(other), ran: /make/ });
  expect(ignored.steps).toMatchObject([{ reasons: [{ kind: 'ignore-cache' }] }]);
  const result = run(image(), 'make');
  const moved = explained({ result, ran: /./ }, { result, ran: /./, engine: 'tcp://two' });
  expect(moved.steps).toMatchObject([
    { reasons: [{ kind: 'other-engine', before: 'unix:///one', after: 'tcp://two' }] },
  ]);
  const mended = explained({ result, ran: /never/, failed: /make/, outcome: 'failed' }, { result, ran: /make/ });
  expect(mended.steps).toMatchObject([{ reasons: [{ kind: 'not-built-before', outcome: 'failed' }] }]);
  const more = explained(
    { result, ran: /./ },
    { result: merge([result, run(image(), 'test')]) ?? result, ran: /test|source/ },
  );
  expect(more.steps).toMatchObject(
    [
      { name: 'run ‹', reasons: [{ kind: 'new-step' }] },
      { name: 'merge', reasons: [{ kind: 'new-step' }, { kind: 'input', step: 0 }] },
    ].map((step) => ({ ...step, name: expect.stringContaining(step.name) })),
  );
});

test('a step that moved and whose neighbours are alike is found again by what it reads and who reads it', () => {
  const graph = (flags: string, line: number): Output =>
    run(run(image(), `build ${flags}`, { locations: [] }), `test ${line}`, { locations: [] });
  const { steps } = explained(
    { result: graph('-a', 1), ran: /./, program: 'build test a b 1' },
    { result: graph('-b', 1), ran: /build|test/, program: 'build test a b 1' },
  );
  expect(steps[0]?.reasons).toEqual([{ kind: 'command', before: 'build -a', after: 'build -b' }]);
});

test('what is the same is not told, though its words may be shown only now', () => {
  const graph = (command: string): Output => run(image(), command, { env: [['MODE', 'careful']] });
  const { steps } = explained(
    { result: graph('make a'), ran: /./, program: 'make a' },
    { result: graph('make b'), ran: /make/, program: 'make b careful' },
  );
  expect(steps).toMatchObject([{ reasons: [{ kind: 'command' }] }]);
  expect(steps[0]?.reasons).toHaveLength(1);
});
