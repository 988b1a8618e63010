import { isDeepStrictEqual } from 'node:util';
import type { IrModule, ModuleOutput } from '../module.js';
import type { Violation } from './violation.js';

/** What a pass must leave as it is, each with a code and a sentence. */
export const changeInvariants: readonly { readonly code: string; readonly statement: string }[] = [
  { code: 'IR101', statement: 'A pass keeps every output, in its order, kind and stage; it may add others.' },
  { code: 'IR102', statement: 'A pass keeps the targets, with their names and order.' },
];

/** What a pass that made `after` of `before` broke that it had to keep; both are modules without violations. */
export function verifyChange(before: IrModule, after: IrModule): readonly Violation[] {
  const found: Violation[] = [];
  let at = 0;
  for (const { op, stage } of before.outputs) {
    const kind = before.ops[op]?.kind;
    const isKept = (output: ModuleOutput | undefined): boolean =>
      output !== undefined &&
      after.ops[output.op]?.kind === kind &&
      (output.stage === stage || isDeepStrictEqual(output.stage, stage));
    let place = at;
    while (place < after.outputs.length && !isKept(after.outputs[place])) place += 1;
    if (place >= after.outputs.length) {
      const message = `the output %${op} (${kind}) is gone or stands after a later one`;
      found.push({ code: 'IR101', message, op: undefined });
      break;
    }
    at = place + 1;
  }
  const names = (module: IrModule): readonly string[] => module.targets.map(({ name }) => name);
  if (!isDeepStrictEqual(names(before), names(after))) {
    const message = `the targets were ${names(before).join(', ')} and are ${names(after).join(', ')}`;
    found.push({ code: 'IR102', message, op: undefined });
  }
  return found;
}
