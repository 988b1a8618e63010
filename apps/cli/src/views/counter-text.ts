import type { VertexProgress } from '@hlb/runtime';
import { bytes } from './units.js';
import { visibleText } from './visible-text.js';

/** `transferring src: 1.2MB / 3MB`: a counter's name, how far it is, and of how much where that is known. */
export function counterText({ id, name, current, total }: VertexProgress): string {
  const size = sizeText(current, total);
  return size === '' ? counterName(id, name) : `${counterName(id, name)} ${size}`;
}

/** `1.2MB / 3MB`, `1.2MB` of an unknown whole, or nothing. */
export function sizeText(current: bigint, total: bigint): string {
  if (total > 0n) return `${bytes(current)} / ${bytes(total)}`;
  return current > 0n ? bytes(current) : '';
}

/** Of a layer, which is known by its digest, enough to tell it apart, and what is done with it. */
function counterName(id: string, name: string): string {
  const layer = /^sha256:([0-9a-f]{12})[0-9a-f]+$/.exec(id);
  if (layer?.[1] !== undefined) return name === '' || name === id ? layer[1] : `${layer[1]} ${visibleText(name)}`;
  // A transfer's id says more than its name: `transferring src:` for `transferring`.
  return visibleText(name === '' || id.startsWith(`${name} `) ? id : name);
}
