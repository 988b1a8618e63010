import { isList, isRecord } from '../schema/values.js';
import type { Pass } from './pass.js';

/** Whether a value that came from somebody's module is a pass. Kinds of facts are checked where a pipeline is prepared. */
export function isPass(value: unknown): value is Pass {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    value.name !== '' &&
    typeof value.run === 'function' &&
    [value.needs, value.after, value.before, value.facts].every(isNames) &&
    [value.required, value.idempotent, value.keepsMeaning].every(
      (flag) => flag === undefined || typeof flag === 'boolean',
    ) &&
    (value.doc === undefined || typeof value.doc === 'string') &&
    (value.options === undefined || isSchema(value.options))
  );
}

function isNames(value: unknown): boolean {
  return value === undefined || (isList(value) && value.every((name) => typeof name === 'string'));
}

/** Schemas of some libraries are functions. */
function isSchema(value: unknown): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  return isRecord(standard) && typeof standard.validate === 'function';
}
