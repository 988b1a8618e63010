import { describe, expect, test } from 'vitest';
import { marshal } from '../definition/marshal.js';
import { definitionOutput } from '../definition/verbatim.js';
import { imageSource } from '../ops/sources/image-source.js';
import { relocated } from './relocated.js';

const platform = { os: 'linux', architecture: 'amd64' };
const file = { filename: 'a.hlb', data: new Uint8Array(), language: 'HLB' };
const at = (line: number) => ({
  file,
  ranges: [{ start: { line, character: 1 }, end: { line, character: 2 } }],
});

describe('an op at other places', () => {
  const image = imageSource({ ref: 'alpine', locations: [at(1)], progressGroup: { id: 'a', name: 'first' } });

  test('is the same op with its own places and group', () => {
    const other = relocated(image, { locations: [at(2)], progressGroup: { id: 'b', name: 'second' } });
    const [first, second] = [marshal(image, { platform }), marshal(other, { platform })];
    expect(second.def).toEqual(first.def);
    const [digest] = second.digests;
    if (digest === undefined) throw new Error('the definition has no op');
    expect(second.source?.locations.get(digest)).toEqual([{ sourceIndex: 0, ranges: at(2).ranges }]);
    expect(second.metadata.get(digest)?.progressGroup).toEqual({ id: 'b', name: 'second' });
    expect(first.metadata.get(digest)?.progressGroup).toEqual({ id: 'a', name: 'first' });
  });

  test('loses its group where none is given', () => {
    expect(relocated(image, {}).vertex.metadata).toEqual({ caps: ['source.image'] });
  });

  test('of another definition stays as it is', () => {
    const read = definitionOutput(marshal(image, { platform }));
    if (read === undefined) throw new Error('the definition is of scratch');
    expect(relocated(read, { locations: [at(3)] })).toEqual(read);
  });
});
