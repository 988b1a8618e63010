import { definePass, makeOp, type OpId, passOptions, type RunOp, rebuild } from '@hlb/ir';
import { readImageName } from './image-name.js';

/**
 * Needs: nothing, but stands after the texts that can be known are, and before equal values are shared: the empty file systems that it
 * mounts become one there.
 *
 * Ensures: no image of a registry with a mirror is asked of that registry; every command has a cache at each directory of `caches`
 * where it mounts nothing itself. Images whose names are known only later stay as they are.
 *
 * Reports: how many images moved, and how many caches there are. It changes the digests of all that it touches.
 */
export default definePass({
  name: 'mirror-and-cache',
  doc: 'Takes images from mirrors and gives every command package caches',
  options: passOptions({
    mirrors: { type: 'strings', default: [], doc: 'REGISTRY=MIRROR, such as docker.io=mirror.example/hub' },
    caches: { type: 'strings', default: [], doc: 'directories that all commands share, such as /root/.npm' },
  }),
  after: ['fold-strings'],
  before: ['share-values'],
  idempotent: true,
  run(module, ctx) {
    const mirrors = readMirrors(ctx.options.mirrors);
    let moved = 0;
    let caches = 0;
    const result = rebuild(module, (op, at) => {
      if (op.kind === 'image' && typeof op.ref.text === 'string') {
        const { registry, rest } = readImageName(op.ref.text);
        const mirror = mirrors.get(registry);
        if (mirror === undefined) return op;
        moved += 1;
        return { ...op, ref: { ...op.ref, text: `${mirror}/${rest}` } };
      }
      if (op.kind !== 'run') return op;
      const missing = ctx.options.caches.filter((target) => !mountsAt(op, target));
      if (missing.length === 0) return op;
      caches += missing.length;
      const empty = at.add(makeOp('scratch', {}, op.origins));
      return withCaches(op, missing, empty);
    });
    ctx.stat('images of mirrored registries', moved, 0);
    ctx.stat('package caches', 0, caches);
    return result;
  },
});

function readMirrors(rows: readonly string[]): ReadonlyMap<string, string> {
  const mirrors = new Map<string, string>();
  for (const row of rows) {
    const [registry = '', mirror = ''] = row.split('=');
    if (registry === '' || mirror === '') throw new Error(`a mirror is written REGISTRY=MIRROR, not ${row}`);
    // A mirror in the mirrored registry itself would be mirrored again by the next run.
    if (readImageName(`${mirror}/x`).registry === registry) throw new Error(`${row} leads back to ${registry}`);
    mirrors.set(registry, mirror.replace(/\/$/, ''));
  }
  return mirrors;
}

/** Whether something is at the directory already. Of a mount whose target isn't known yet it may be so. */
function mountsAt({ options }: RunOp, target: string): boolean {
  return options.some(
    (option) => option.kind === 'mount' && (typeof option.target.text !== 'string' || option.target.text === target),
  );
}

/** The command with caches at the end of its options: the place of its result among them stays. */
function withCaches(op: RunOp, targets: readonly string[], empty: OpId): RunOp {
  const caches = targets.map((target) => {
    const cache = { id: `packages:${target}`, sharing: 'shared' };
    return { kind: 'mount', input: empty, target, cache } as const;
  });
  return makeOp('run', { ...op, options: [...op.options, ...caches] }, op.origins);
}
