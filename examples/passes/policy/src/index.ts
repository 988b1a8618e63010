import { definePass, type Op, passOptions, placeOf, type Text } from '@hlb/ir';

/**
 * Needs: nothing, but stands after the texts that can be known are.
 *
 * Ensures: no command runs with `security "insecure"` or `network "host"`, and every image is pinned by a digest or comes from a
 * registry that is trusted. It changes nothing.
 *
 * Reports: an error at each place that asks for more.
 */
export default definePass({
  name: 'policy',
  doc: 'Refuses insecure commands, the network of the host and images that are not pinned',
  options: passOptions({
    trusted: { type: 'strings', default: [], doc: 'registries, or parts of them, whose images need no digest' },
    allow: { type: 'strings', default: [], doc: 'what is not refused: insecure, host-network, unpinned' },
  }),
  after: ['fold-strings'],
  // A rule that -O0 switches off would be none.
  required: true,
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const allowed = new Set(ctx.options.allow);
    const refuse = (op: Op, text: Text, message: string, help: string): void =>
      ctx.report({ message, helps: [help], ...placeOf(op, text) });

    for (const op of module.ops) {
      if (op.kind === 'image' && !allowed.has('unpinned') && !isPinned(op.ref, ctx.options.trusted)) {
        const name = typeof op.ref.text === 'string' ? op.ref.text : 'an image whose name is known only later';
        refuse(op, op.ref, `${name} is not pinned`, 'write its digest: NAME:TAG@sha256:…');
      }
      if (op.kind !== 'run') continue;
      for (const option of op.options) {
        if (option.kind === 'security' && !allowed.has('insecure') && option.mode.text !== 'sandbox') {
          refuse(op, option.mode, 'a command must not run insecurely', 'leave security away');
        }
        if (option.kind === 'network' && !allowed.has('host-network') && !isSeparate(option.mode)) {
          refuse(op, option.mode, "a command must not use the host's network", 'use network "unset" or "none"');
        }
      }
    }
    return module;
  },
});

/** Whether a network is one of the command's own, for sure. */
function isSeparate({ text }: Text): boolean {
  return text === 'unset' || text === 'none';
}

function isPinned({ text }: Text, trusted: readonly string[]): boolean {
  if (typeof text !== 'string') return false;
  return (
    /@sha(256|384|512):[0-9a-f]{64,}$/.test(text) ||
    trusted.some((prefix) => text.startsWith(`${prefix.replace(/\/$/, '')}/`))
  );
}
