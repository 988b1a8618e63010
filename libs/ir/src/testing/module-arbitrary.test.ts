import { sourceFile } from '@hlb/diagnostics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  equalOps,
  hashOp,
  mapOperands,
  mapTexts,
  operands,
  opRows,
  parseModule,
  printModule,
  texts,
  verify,
} from '../index.js';
import { moduleArbitrary } from './module-arbitrary.js';

const runs = { numRuns: 300 };

describe('random modules', () => {
  test('break no invariant', () => {
    fc.assert(
      fc.property(moduleArbitrary(), (module) => {
        expect(verify(module)).toEqual([]);
      }),
      runs,
    );
  });

  test('have every kind of op', () => {
    const kinds = new Set(
      fc.sample(moduleArbitrary({ maxOps: 50 }), 200).flatMap(({ ops }) => ops.map(({ kind }) => kind)),
    );
    expect([...kinds].sort()).toEqual(opRows.map(({ kind }) => kind).sort());
  });

  test('are the same when printed and read back, with files and places', () => {
    fc.assert(
      fc.property(moduleArbitrary(), (module) => {
        const printed = printModule(module, { sources: true });
        const { module: read, diagnostics } = parseModule(sourceFile('m.ir', printed));
        expect(diagnostics.map(({ message }) => message)).toEqual([]);
        expect(plain(read)).toEqual(plain(module));
        expect(read && printModule(read, { sources: true })).toBe(printed);
      }),
      runs,
    );
  });

  test('print the same again, without sources and without places', () => {
    fc.assert(
      fc.property(moduleArbitrary(), fc.boolean(), (module, origins) => {
        const printed = printModule(module, { origins });
        const { module: read, diagnostics } = parseModule(sourceFile('m.ir', printed));
        expect(diagnostics.map(({ message }) => message)).toEqual([]);
        expect(read && printModule(read, { origins })).toBe(printed);
      }),
      runs,
    );
  });

  test('keep their ops when operands and texts are mapped to themselves', () => {
    fc.assert(
      fc.property(moduleArbitrary(), ({ ops }) => {
        for (const op of ops) {
          expect(mapOperands(op, (id) => id)).toBe(op);
          expect(mapTexts(op, (text) => text)).toBe(op);
        }
      }),
      runs,
    );
  });

  test('show each operand and text to the mapping, in the order of the listing', () => {
    fc.assert(
      fc.property(moduleArbitrary(), ({ ops }) => {
        for (const op of ops) {
          const ids: number[] = [];
          const seen: unknown[] = [];
          mapOperands(op, (id) => {
            ids.push(id);
            return id;
          });
          mapTexts(op, (text) => {
            seen.push(text);
            return text;
          });
          expect(ids).toEqual(operands(op));
          expect(seen).toEqual(texts(op));
        }
      }),
      runs,
    );
  });

  test('have ops that equal their copies, with the same hash', () => {
    fc.assert(
      fc.property(moduleArbitrary(), ({ ops }) => {
        for (const op of ops) {
          const copy = mapTexts({ ...op, origins: [] }, ({ text }) => ({ text }));
          expect(equalOps(op, copy)).toBe(true);
          expect(hashOp(copy)).toBe(hashOp(op));
        }
      }),
      runs,
    );
  });
});

/** The module without the functions of its files. */
function plain(module: unknown): unknown {
  return JSON.parse(
    JSON.stringify(module, (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
    ) ?? 'null',
  );
}
