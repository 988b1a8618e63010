import type { IrModule } from '../module.js';

/**
 * Freezes a module and all that belongs to it, so that a pass that changes what it was given fails on the spot. What is frozen already
 * isn't looked at again: after the first pass only new ops are. Files and bytes stay as they are.
 */
export function freezeModule(module: IrModule): void {
  Object.freeze(module.files);
  const rest: unknown[] = [module];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) continue;
    Object.freeze(value);
    for (const [name, part] of Object.entries(value)) if (name !== 'file') rest.push(part);
  }
}
