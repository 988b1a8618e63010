import { opId } from '../builder.js';
import type { IrModule } from '../module.js';
import { isList, isRecord } from '../schema/values.js';
import { invariants, wellFormed } from './invariants.js';
import type { Violation } from './violation.js';
import { opFaults, requestFault } from './well-formed.js';

/** A module with more faults than these is told with these. */
const violationLimit = 100;

/** Which invariants a module breaks, at most 100 times; none for a module that every stage accepts. Never throws, whatever it is given. */
export function verify(module: IrModule): readonly Violation[] {
  const shape = shapeViolations(module);
  if (shape.length > 0) return shape.slice(0, violationLimit);
  const found: Violation[] = [];
  for (const { code, check } of invariants) {
    check(module, (message, op) => {
      if (found.length < violationLimit) found.push({ code, message, op });
    });
  }
  return found;
}

/** A violation as a line: the code, the op and what is wrong with it. */
export function formatViolation(violation: Violation, module: IrModule): string {
  const { code, message, op } = violation;
  if (op === undefined) return `${code}: ${message}`;
  const kind = isRecord(module) && isList(module.ops) ? module.ops[op] : undefined;
  const named = isRecord(kind) && typeof kind.kind === 'string' ? `%${op} (${kind.kind})` : `%${op}`;
  return `${code}: ${named}: ${message}`;
}

function shapeViolations(module: unknown): readonly Violation[] {
  const found: Violation[] = [];
  const fail = (message: string, op?: number): void => {
    found.push({ code: wellFormed.code, message, op: op === undefined ? undefined : opId(op) });
  };
  if (!isRecord(module)) {
    fail('what should be a module is none');
    return found;
  }
  const { ops, outputs, targets, files } = module;
  if (!isList(ops)) fail('a module has a list of ops');
  else {
    for (let index = 0; index < ops.length; index++) for (const fault of opFaults(ops[index])) fail(fault, index);
  }
  if (!isList(outputs) || !outputs.every(isOutput)) fail('a module has a list of outputs, each with an op and a stage');
  if (!isList(targets)) fail('a module has a list of targets');
  else {
    for (const target of targets) {
      const fault =
        isRecord(target) && typeof target.name === 'string' ? requestFault(target.request) : 'a target has a name';
      if (fault !== undefined) fail(fault);
    }
  }
  if (!isList(files) || !files.every(isFile)) fail('a module has a list of files');
  return found;
}

function isOutput(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.op === 'number' &&
    Number.isSafeInteger(value.op) &&
    value.op >= 0 &&
    isList(value.stage) &&
    value.stage.every((place) => typeof place === 'number')
  );
}

function isFile(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    typeof value.text === 'string' &&
    typeof value.position === 'function'
  );
}
