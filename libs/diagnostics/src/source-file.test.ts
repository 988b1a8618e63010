import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceFile } from './source-file.js';

test('positions are the same in whatever order they are asked for', () => {
  const text = fc.array(fc.constantFrom('\n', 'a', 'é'), { maxLength: 200 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 220 })), (written, offsets) => {
      const file = sourceFile('a.hlb', written);
      for (const offset of offsets) {
        const before = written.slice(0, offset).split('\n');
        const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
        expect(file.position(offset)).toEqual(position);
      }
    }),
  );
});
