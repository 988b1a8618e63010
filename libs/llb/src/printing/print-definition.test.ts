import * as pb from '@hlb/proto/llb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { marshal } from '../definition/marshal.js';
import { decodeDefinition } from '../definition/wire.js';
import { encodeOp } from '../encoding/op.js';
import { anyOp } from '../fixtures/op-arbitrary.js';
import { vectorGraphs } from '../fixtures/vector-graph.js';
import type { Output } from '../graph/vertex.js';
import { exec } from '../ops/exec/exec.js';
import { localSource } from '../ops/sources/local-source.js';
import { printDefinition } from './print-definition.js';

const platform = { os: 'linux', architecture: 'amd64' };
const print = (result: Output | undefined): string => printDefinition(marshal(result, { platform }));

/** The line of the op before the terminal one. */
function title(name: string): string | undefined {
  const result = vectorGraphs[name];
  const titles = print(result)
    .split('\n')
    .filter((line) => line.startsWith('#'));
  return titles.at(-2)?.replace(/^#(\d+) [0-9a-f]{12} /, '#$1 ');
}

test('scratch', () => {
  expect(print(undefined)).toBe('scratch\n');
});

describe('ops have the names that engines give them', () => {
  test.each([
    ['IMAGE-ARM64', '#0 source docker-image://docker.io/library/alpine:3.18'],
    ['RUN', '#1 exec echo hi'],
    ['CHAIN', '#2 file mkdir /abc/foo, mkfile /abc/foo/b, rm /x, copy /f /abc/d/'],
    ['SYMLINK', '#1 file symlink /b -> /a'],
    ['MERGE', '#3 merge (#0, #1, #2)'],
    ['DIFF', '#2 diff (#0) -> (#1)'],
    ['DIFF-SCRATCH', '#1 diff (#0) -> (scratch)'],
    ['BUILD', '#1 build'],
    ['PASS', '#1 passthrough p1'],
  ])('%s', (name, line) => {
    expect(title(name)).toBe(line);
  });
});

test('all that is known of an op', () => {
  const position = { line: 3, character: 2 };
  const file = { filename: 'build.hlb', data: new Uint8Array(), language: 'HLB' };
  const run = exec({
    base: localSource({ name: 'l' }),
    args: ['a', 'b'],
    cwd: '/',
    filters: ['worker=foo'],
    description: { 'llb.customname': 'my\nname\u001b[31m', other: 'x' },
    ignoreCache: true,
    exportCache: false,
    progressGroup: { id: 'g', name: 'Group' },
    linuxResources: { memory: 64n, cpusetCpus: '0-1' },
    locations: [{ file, ranges: [{ start: position, end: { line: 3, character: 7 } }] }],
    platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
  });
  const text = print(run.root);
  expect(text.slice(text.indexOf('#1'), text.indexOf('#2')).replace(/^#1 [0-9a-f]{12}/, '#1')).toBe(`\
#1 exec my\\nname\\u001b[31m
   inputs: #0
   platform: linux/arm/v7
   filters: worker=foo
   meta: {"args":["a","b"],"cwd":"/","removeMountStubsRecursive":true}
   mounts: {"dest":"/"}
   caps: exec.meta.base exec.meta.linux.resources exec.mount.bind
   other: "x"
   ignore cache: yes
   export cache: no
   progress group: Group
   resources: memory=64 cpusetCpus=0-1
   at build.hlb:3:2-3:7
`);
  expect(text).toContain('caps: constraints meta.description meta.exportcache meta.ignorecache platform');
});

test('any definition prints, without control characters', () => {
  fc.assert(
    fc.property(fc.array(anyOp, { minLength: 1, maxLength: 3 }), (ops) => {
      const def = ops.map(encodeOp);
      const text = printDefinition(decodeDefinition(pb.Definition.fromPartial({ def })));
      expect(text.match(/^#\d+/gm)?.length).toBe(def.length);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});
