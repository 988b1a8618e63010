import { Status } from '@hlb/proto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorFromStatus } from './buildkit-error.js';
import { readErrorDetails } from './error-details.js';

function detail(name: string, json: unknown): { typeUrl: string; value: Buffer } {
  return { typeUrl: `github.com/moby/buildkit/${name}+json`, value: Buffer.from(JSON.stringify(json)) };
}

test('vertices, sources with their ranges, exit code, op, frontend and stacks', () => {
  const details = readErrorDetails([
    detail('stack.Stack', {
      frames: [{ Name: 'main.run', File: 'main.go', Line: 12 }],
      cmdline: ['buildkitd'],
      version: 'v0.29.0',
      revision: 'abc',
      pid: 12,
    }),
    detail('errdefs.Vertex', { digest: 'sha256:aa' }),
    detail('errdefs.Source', {
      info: { filename: 'build.hlb', data: Buffer.from('text').toString('base64'), language: 'HLB' },
      ranges: [{ start: { line: 2, character: 1 }, end: { line: 2 } }],
    }),
    detail('errdefs.Source', { info: { filename: 'other.hlb' }, ranges: [] }),
    detail('gatewayapi.ExitMessage', { Code: 7 }),
    detail('errdefs.Solve', {
      inputIDs: ['i'],
      mountIDs: ['a', 'b'],
      description: { 'llb.customname': 'x' },
      file: { index: '2' },
    }),
    detail('errdefs.Frontend', { name: 'gateway.v0', source: 'docker.io/x' }),
    detail('something.Else', { a: 1 }),
  ]);
  expect(details).toEqual({
    vertices: ['sha256:aa'],
    sources: [
      {
        file: 'build.hlb',
        language: 'HLB',
        data: Buffer.from('text'),
        ranges: [{ start: { line: 2, character: 1 }, end: { line: 2, character: 0 } }],
      },
      { file: 'other.hlb', language: '', data: Buffer.alloc(0), ranges: [] },
    ],
    exitCode: 7,
    solve: { inputIds: ['i'], mountIds: ['a', 'b'], description: new Map([['llb.customname', 'x']]), fileAction: 2 },
    frontend: { name: 'gateway.v0', source: 'docker.io/x' },
    stacks: [
      {
        frames: [{ name: 'main.run', file: 'main.go', line: 12 }],
        version: 'v0.29.0',
        revision: 'abc',
        pid: 12,
        command: ['buildkitd'],
      },
    ],
  });
  expect(readErrorDetails([detail('errdefs.Solve', { cache: { index: 3 } })]).solve).toMatchObject({ cacheOutput: 3 });
});

test('what a release has not, and what provenance can not account for', () => {
  const compatibility = detail('errdefs.CompatibilityFeature', { version: 10, feature: 'mode=delete' });
  expect(readErrorDetails([compatibility]).incompatible).toEqual({ feature: 'mode=delete', version: 10 });
  const material = { op: 'exec', name: 'RUN x', method: 'GET', uri: 'http://a', final_uri: 'http://b', reason: 'r' };
  const { final_uri: finalUri, ...same } = material;
  const incomplete = detail('errdefs.ProvenanceMaterialsIncomplete', { incomplete: [material] });
  expect(readErrorDetails([incomplete]).incompleteMaterials).toEqual([{ ...same, finalUri }]);
});

test('what is missing and what a policy denies', () => {
  expect(readErrorDetails([detail('errdefs.FrontendCap', { name: 'cap' })]).missing).toEqual({
    kind: 'frontend-capability',
    name: 'cap',
  });
  expect(readErrorDetails([detail('errdefs.Subrequest', { name: 'sub' })]).missing).toEqual({
    kind: 'subrequest',
    name: 'sub',
  });
  const denied = detail('policysession.DecisionResponse', { action: 1, denyMessages: [{ message: 'not signed' }] });
  expect(readErrorDetails([denied]).denials).toEqual(['not signed']);
});

const names = [
  'stack.Stack',
  'errdefs.Vertex',
  'errdefs.Source',
  'gatewayapi.ExitMessage',
  'errdefs.Solve',
  'errdefs.Frontend',
];

test('details of any shape are read without harm', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, json) => {
      expect(readErrorDetails([detail(name, json)]).stacks).toBeInstanceOf(Array);
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.uint8Array(), (name, value) => {
      readErrorDetails([{ typeUrl: `github.com/moby/buildkit/${name}+json`, value }]);
    }),
  );
});

test("a status' details decide over its plain fields", () => {
  const details = Status.encode({
    code: 5,
    message: 'the long message',
    details: [detail('errdefs.Vertex', { digest: 'd' })],
  }).finish();
  const error = errorFromStatus({ code: 'UNKNOWN', message: 'short', details });
  expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'the long message', details: { vertices: ['d'] } });
});

test('details that are no message leave what is known', () => {
  const error = errorFromStatus({ code: 'INTERNAL', message: 'plain', details: Buffer.from([0xff, 0xff]) });
  expect(error).toMatchObject({ code: 'INTERNAL', message: 'plain', details: { vertices: [] } });
});

test('what an engine does not know is told with the release that brought it', () => {
  const refusal = 'failed to load LLB: unknown API capability exec.secretenv';
  const { message } = errorFromStatus({ code: 'UNKNOWN', message: refusal });
  expect(message).toBe(`${refusal} (it needs BuildKit 0.10 or newer)`);
  expect(errorFromStatus({ code: 'UNKNOWN', message: 'unknown API capability dreams' }).message).toMatch(/dreams$/);
});
