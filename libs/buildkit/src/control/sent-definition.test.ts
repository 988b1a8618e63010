import { type Definition, decodeDefinition, file, marshal, printDefinition } from '@hlb/llb';
import { Definition as DefinitionMessage } from '@hlb/proto/llb';
import { expect, test } from 'vitest';
import { sentDefinition, sentInput } from './sent-definition.js';

/** A definition whose one op has so many places in a file of so many bytes. */
function definition(bytes: number, places: number): Definition {
  const action = { kind: 'mkfile', path: '/a', mode: 0o644, data: Buffer.from('a') } as const;
  const plain = marshal(file({ base: undefined, actions: [action] }), {
    platform: { os: 'linux', architecture: 'amd64' },
  });
  const range = { start: { line: 1, character: 1 }, end: { line: 1, character: 2 } };
  const location = { sourceIndex: 0, ranges: [range] };
  const [digest] = plain.digests;
  if (digest === undefined) throw new Error('no op');
  return {
    ...plain,
    source: {
      infos: [{ filename: 'a.hlb', data: Buffer.alloc(bytes, 'x'), language: 'HLB' }],
      locations: new Map([[digest, Array.from({ length: places }, () => location)]]),
    },
  };
}

function read(bytes: Uint8Array): DefinitionMessage {
  return DefinitionMessage.decode(bytes);
}

test('the text of short sources goes along', () => {
  expect(read(sentDefinition(definition(2000, 5))).Source?.infos[0]?.data.length).toBe(2000);
});

test.each([
  [20_000, 1],
  [3000, 5],
])('a text of %d bytes with %d places is left out; its name and places stay', (bytes, places) => {
  const source = read(sentDefinition(definition(bytes, places))).Source;
  expect(source?.infos).toMatchObject([{ filename: 'a.hlb', language: 'HLB', data: new Uint8Array() }]);
  expect([...(source?.locations.values() ?? [])][0]?.locations).toHaveLength(places);
});

test('scratch as an input of a frontend has an op, since engines refuse inputs without', () => {
  const scratch = marshal(undefined, { platform: { os: 'linux', architecture: 'amd64' } });
  expect(sentDefinition(scratch)).toHaveLength(0);
  expect(printDefinition(decodeDefinition(read(sentInput(scratch))))).toContain('mkdir /');
});
