import { type ImageOp, type IrModule, type ManifestOp, type PassContext, placeOf, rebuild } from '@hlb/ir';

/** What names an image of a registry. */
type NamesImage = ImageOp | ManifestOp;

/** Pins every image with the digest that `digestOf` gives; where it gives none, that is an error at the image. */
export function pinImages(
  module: IrModule,
  ctx: Pick<PassContext, 'report' | 'stat'>,
  digestOf: (op: NamesImage, name: string) => string | undefined,
  help: string,
): IrModule {
  let before = 0;
  let after = 0;
  const result = rebuild(module, (op) => {
    if (op.kind !== 'image' && op.kind !== 'manifest') return op;
    const { text } = op.ref;
    if (typeof text === 'string' && text.includes('@')) return op;
    before += 1;
    const digest = typeof text === 'string' ? digestOf(op, text) : undefined;
    if (digest !== undefined) return { ...op, ref: { ...op.ref, text: `${text}@${digest}` } };
    after += 1;
    const message =
      typeof text === 'string'
        ? `there is no digest for ${text}`
        : 'an image whose name is known only later cannot be pinned';
    ctx.report({ message, helps: typeof text === 'string' ? [help] : [], ...placeOf(op, op.ref) });
    return op;
  });
  ctx.stat('images without a digest', before, after);
  return result;
}
