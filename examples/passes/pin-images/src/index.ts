import { definePass } from '@hlb/ir';
import { lockOptions } from './lock.js';
import { pinImages } from './pin.js';

/**
 * Needs: nothing, but stands after the texts that can be known are.
 *
 * Ensures: every image has the digest that the lock file gives it, so that a build is the same on every day and no registry is asked
 * what a tag means. Images that name a digest stay as they are.
 *
 * Reports: an error at each image that the lock file doesn't have, and how many were pinned. It changes the digests of what is
 * built from them.
 */
export default definePass({
  name: 'pin-images',
  doc: 'Pins images by the digests of the lock file',
  options: lockOptions,
  after: ['fold-strings'],
  required: true,
  idempotent: true,
  run: (module, ctx) =>
    pinImages(
      module,
      ctx,
      // A key of the lock, but none of its prototype's.
      (_op, name) => (Object.hasOwn(ctx.options.lock, name) ? ctx.options.lock[name] : undefined),
      'run hlb-pin-images to write the lock file anew',
    ),
});
