import { definePass } from '@hlb/ir';
import { pinImages } from './pin.js';

/**
 * As `pin-images`, but with the digests that registries give now: what `hlb-pin-images` makes the lock file of.
 */
export default definePass({
  name: 'resolve-images',
  doc: 'Pins images by the digests that registries give now',
  facts: ['manifest'],
  after: ['fold-strings'],
  required: true,
  run: (module, ctx) =>
    pinImages(module, ctx, (op) => ctx.facts.manifest(op)?.digest, 'no registry could be asked about it'),
});
