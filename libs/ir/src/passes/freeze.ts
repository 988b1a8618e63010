import type { IrModule } from '../module.js';

const frozen = new WeakSet<object>();

/**
 * Freezes a module and all that belongs to it, so that a pass that changes what it was given fails on the spot. What has been
 * frozen here before isn't looked at again: after the first pass only new ops are. Files and bytes stay as they are.
 */
export function freezeModule(module: IrModule): void {
  const rest: unknown[] = [module];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || frozen.has(value)) continue;
    frozen.add(value);
    if (value === module.files) {
      Object.freeze(value);
      continue;
    }
    for (const [name, part] of Object.entries(value)) if (name !== 'file') rest.push(part);
    Object.freeze(value);
  }
}
