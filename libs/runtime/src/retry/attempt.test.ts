import { BuildkitError, type VertexUpdate } from '@hlb/buildkit';
import { exec, file, imageSource, marshal, type Output } from '@hlb/llb';
import { known, type SolveStep, stepId } from '@hlb/plan';
import { expect, test } from 'vitest';
import { Attempt } from './attempt.js';

const platform = { os: 'linux', architecture: 'amd64' };
const made = file({ base: imageSource({ ref: 'busybox' }), actions: [{ kind: 'mkdir', path: '/a', mode: 0o755 }] });

/** An image, a folder in it, and a command on it. */
function stepOf(root: Output | undefined): { readonly step: SolveStep; readonly digests: readonly string[] } {
  const definition = marshal(root, { platform });
  const step: SolveStep = {
    ...{ id: stepId('solve-1'), name: 'a', kind: 'solve', definition: known(definition) },
    ...{ after: [], session: { directories: [], secrets: [], agents: [] }, entitlements: [], call: undefined },
  };
  return { step, digests: definition.digests };
}

const { step, digests } = stepOf(exec({ base: made, args: ['true'], env: [], cwd: '/' }).root);
const [image = '', folder = '', command = ''] = digests;

function vertex(digest: string, change: Partial<VertexUpdate> = {}): VertexUpdate {
  return { digest, name: '', inputs: [], cached: false, started: 1, error: '', ...change };
}

function afterwards(vertices: readonly VertexUpdate[], of: SolveStep = step): Attempt {
  const attempt = new Attempt(of, new Map());
  attempt.see({ vertices, counters: [], logs: [], warnings: [] });
  return attempt;
}

function failure(digest?: string, message = 'dial tcp: connection refused'): BuildkitError {
  const vertices = digest === undefined ? [] : [digest];
  return new BuildkitError(message, { code: 'UNKNOWN', details: { vertices, sources: [], stacks: [] } });
}

const completed = { completed: 2 };

test('a pull that failed for a while may be repeated, also after what was made of files, and commands that are done', () => {
  expect(afterwards([vertex(image)]).mayRetry(failure(image))).toBe(true);
  expect(afterwards([vertex(image), vertex(folder)]).mayRetry(failure(image))).toBe(true);
  expect(afterwards([vertex(command, completed)]).mayRetry(failure(image))).toBe(true);
  expect(afterwards([vertex(command, { cached: true })]).mayRetry(failure(image))).toBe(true);
});

test('not while a command was running, nor when one itself failed', () => {
  expect(afterwards([vertex(command)]).mayRetry(failure(image))).toBe(false);
  const stopped = vertex(command, { ...completed, error: 'context canceled' });
  expect(afterwards([stopped]).mayRetry(failure(image))).toBe(false);
  expect(afterwards([vertex(command)]).mayRetry(failure(command))).toBe(false);
});

test('not after a command that is run again although it is done', () => {
  const uncached = stepOf(exec({ base: made, args: ['date'], env: [], cwd: '/', ignoreCache: true }).root);
  const done = vertex(uncached.digests[2] ?? '', completed);
  expect(afterwards([done], uncached.step).mayRetry(failure(image))).toBe(false);
});

test('not for good reasons to fail, lost connections, and what was delivered', () => {
  expect(afterwards([vertex(image)]).mayRetry(failure(image, 'not found'))).toBe(false);
  expect(afterwards([vertex(image)]).mayRetry(new Error('connection refused'))).toBe(false);
  const lost = new BuildkitError('connection reset by peer', { code: 'UNAVAILABLE', lost: true });
  expect(afterwards([vertex(image)]).mayRetry(lost)).toBe(false);
  const delivered = afterwards([vertex(image)]);
  delivered.deliver();
  expect(delivered.mayRetry(failure(image))).toBe(false);
});

test('what a frontend fetches is known by its name; a push is not', () => {
  const fetched = vertex('sha256:x', { name: '[internal] load metadata for docker.io/a', error: 'connection refused' });
  expect(afterwards([fetched]).mayRetry(failure())).toBe(true);
  expect(afterwards([{ ...fetched, name: 'exporting to image' }]).mayRetry(failure())).toBe(false);
  expect(afterwards([{ ...fetched, name: '[2/3] RUN curl x' }]).mayRetry(failure())).toBe(false);
  expect(afterwards([]).mayRetry(failure())).toBe(false);
});

test('an image that another solve has just given the same name may be exported again; its commands are done by then', () => {
  const exporting = vertex('sha256:x', { name: 'exporting to image', error: 'already exists' });
  const taken = failure('sha256:x', 'image "localhost/a:latest": already exists');
  expect(afterwards([vertex(command, completed), exporting]).mayRetry(taken)).toBe(true);
  expect(afterwards([vertex(command), exporting]).mayRetry(taken)).toBe(false);
  expect(afterwards([exporting]).mayRetry(failure('sha256:x', 'mkdir /a: already exists'))).toBe(false);
});
