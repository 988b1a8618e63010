import type { Text } from '@hlb/ir';
import { parseOwner } from '@hlb/llb';

/** Whether an owner is a name, or may be: names are looked up in the file system that is changed. */
export function isNamedOwner(chown: Text | undefined): boolean {
  if (chown === undefined) return false;
  if (typeof chown.text !== 'string') return true;
  const { user, group } = parseOwner(chown.text);
  return typeof user === 'string' || typeof group === 'string';
}
