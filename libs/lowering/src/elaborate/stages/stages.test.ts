import { opId } from '@hlb/ir';
import { describe, expect, test } from 'vitest';
import { finishStage, group, leaf, noStage, type Stage, solvedValues } from './stages.js';

const one = (value: number): Stage => leaf(opId(value), []);
const solve = (value: number): object => ({ kind: 'solve', value });

function requestOf(stage: Stage): object {
  return finishStage(stage, { above: undefined, index: 0 }, new Map());
}

describe('groups of stages', () => {
  test('of one kind in each other are one, in order', () => {
    const before = group('sequential', [group('sequential', [one(1), one(2)]), noStage]);
    const stage = group('sequential', [before, group('parallel', [one(3), group('parallel', [one(4), one(5)])])]);
    expect(requestOf(stage)).toEqual({
      kind: 'sequential',
      requests: [solve(1), solve(2), { kind: 'parallel', requests: [solve(3), solve(4), solve(5)] }],
    });
    expect(
      [...solvedValues(stage, { above: undefined, index: 0 })].map(({ value, place }) => [value, place.index]),
    ).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
      [4, 1],
      [5, 2],
    ]);
  });

  test('of nothing are nothing, of one stage that stage', () => {
    expect(group('parallel', [noStage, group('sequential', [])])).toBe(noStage);
    const alone = one(1);
    expect(group('parallel', [noStage, group('sequential', [alone])])).toBe(alone);
  });

  test('hold what they were given and no copy of what stands in it', () => {
    let stage = one(0);
    let held = 0;
    for (let place = 1; place <= 10_000; place += 1) {
      stage = group('sequential', [stage, one(place)]);
      held += 'parts' in stage ? stage.parts.length : 0;
    }
    expect(held).toBe(20_000);
    expect(requestOf(stage)).toMatchObject({ requests: { length: 10_001 } });
  });
});
