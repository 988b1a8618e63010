import type { IrModule, OpId } from '@hlb/ir';
import type { LoweringContext } from '../lowerer.js';
import { opOf } from '../lowerer.js';
import { outputTexts } from './outputs.js';
import { isOutputOp } from './reach.js';

/**
 * Outputs of one value share a solve, where their names and paths are known before: above `-O0` by the first of them. The map
 * gives the group of each first one.
 */
export function outputGroups(context: LoweringContext, ids: readonly OpId[]): ReadonlyMap<OpId, readonly OpId[]> {
  const { level, module, severalPlatforms } = context;
  const groups = new Map<OpId, OpId[]>();
  const byValue = new Map<OpId, OpId[]>();
  for (const id of ids) {
    const op = opOf(module, id);
    if (!isOutputOp(op)) continue;
    const value = underlyingValue(module, op.input);
    // Which values are one may differ between platforms, and the outputs of all must be the same.
    const alone = level === 'O0' || severalPlatforms || outputTexts(op).length > 0;
    const shared = alone ? undefined : byValue.get(value);
    if (shared !== undefined) {
      shared.push(id);
      continue;
    }
    const group = [id];
    groups.set(id, group);
    if (outputTexts(op).length === 0) byValue.set(value, group);
  }
  return groups;
}

/** The value that outputs give on. */
export function underlyingValue(module: IrModule, id: OpId): OpId {
  let at = id;
  for (let op = opOf(module, at); isOutputOp(op); op = opOf(module, at)) at = op.input;
  return at;
}
