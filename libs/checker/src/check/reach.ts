import type { ParamEntry, Via } from './state.js';

/** What is known about which parameters are read, worked out as it is asked for. */
export interface Evaluated {
  readonly read: Map<ParamEntry, boolean>;
}

export function openEvaluated(): Evaluated {
  return { read: new Map() };
}

/** Whether a place is evaluated when its unit is: every parameter that it is an argument of must be read. */
export function isEvaluated(evaluated: Evaluated, via: Via | undefined): boolean {
  for (let step = via; step !== undefined; step = step.outer) {
    const param = step.callee.params[step.index];
    if (param === undefined || !isRead(evaluated, param)) return false;
  }
  return true;
}

/** Whether evaluating a function reads this parameter. One that is only passed round in a circle is not read. */
function isRead(evaluated: Evaluated, param: ParamEntry): boolean {
  const known = evaluated.read.get(param);
  if (known !== undefined) return known;
  evaluated.read.set(param, false);
  const read = param.uses.some((via) => isEvaluated(evaluated, via));
  evaluated.read.set(param, read);
  return read;
}
