import type { CheckState, ParamEntry, Via } from '../state.js';

/** What is known about which parameters are read, worked out when it is first asked for. */
export interface Evaluated {
  readonly read: () => ReadonlySet<ParamEntry>;
}

export function openEvaluated(state: CheckState): Evaluated {
  let read: ReadonlySet<ParamEntry> | undefined;
  return {
    read: () => {
      read ??= readParameters(state);
      return read;
    },
  };
}

/** Whether a place is evaluated when its unit is: every parameter that it is an argument of must be read. */
export function isEvaluated(evaluated: Evaluated, via: Via | undefined): boolean {
  for (let step: Via | undefined = via; step !== undefined; step = step.outer) {
    const param = step.callee.params[step.index];
    if (param === undefined || !evaluated.read().has(param)) return false;
  }
  return true;
}

/** A use of a parameter that counts as soon as so many others are read. */
interface WaitingUse {
  readonly param: ParamEntry;
  conditions: number;
}

/**
 * The parameters that evaluating their functions reads: named as a value, or handed on to a parameter that is read. One that is
 * only passed round in a circle is not. Every use is looked at once for each argument that it is in.
 */
function readParameters(state: CheckState): ReadonlySet<ParamEntry> {
  const read = new Set<ParamEntry>();
  const waiting = new Map<ParamEntry, WaitingUse[]>();
  const settled: ParamEntry[] = [];
  const settle = (param: ParamEntry): void => {
    if (read.has(param)) return;
    read.add(param);
    settled.push(param);
  };
  for (const { params } of state.functions) {
    for (const param of params) {
      if (param.isRead) settle(param);
      for (const via of param.uses ?? []) addUse(param, via, waiting);
    }
  }
  for (let param = settled.pop(); param !== undefined; param = settled.pop()) {
    for (const use of waiting.get(param) ?? []) {
      use.conditions -= 1;
      if (use.conditions === 0) settle(use.param);
    }
  }
  return read;
}

function addUse(param: ParamEntry, via: Via, waiting: Map<ParamEntry, WaitingUse[]>): void {
  const conditions: ParamEntry[] = [];
  for (let step: Via | undefined = via; step !== undefined; step = step.outer) {
    const condition = step.callee.params[step.index];
    // An argument for a parameter that is not there is never evaluated.
    if (condition === undefined) return;
    conditions.push(condition);
  }
  const use: WaitingUse = { param, conditions: conditions.length };
  for (const condition of conditions) {
    const uses = waiting.get(condition);
    if (uses === undefined) waiting.set(condition, [use]);
    else uses.push(use);
  }
}
