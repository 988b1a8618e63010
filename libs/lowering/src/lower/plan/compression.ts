import type { DockerPushOp, ImageOp, IrModule, Op, OpId } from '@hlb/ir';
import { formatPlatform } from '@hlb/llb';
import { type Lowerer, opOf } from '../lowerer.js';
import { imageReference } from '../values.js';

/** A layer that has it is an eStargz one already. */
const stargzAnnotation = 'containerd.io/snapshot/stargz/toc.digest';

/** Whether layers of the image below must be written anew, since one of them is not in the eStargz form. */
export function needsForcedCompression(lowerer: Lowerer, op: DockerPushOp): boolean {
  const image = baseImage(lowerer.context.module, op.input);
  if (image === undefined) return false;
  const { texts, context } = lowerer;
  // What is only pushed later has layers of which nothing is known.
  if (typeof image.ref.text !== 'string') return true;
  const ref = imageReference(texts.of(image.ref));
  const manifest = context.answers.manifest(ref, imagePlatformText(lowerer, image));
  return manifest !== undefined && !layersOf(manifest.manifest).every((layer) => layer.includes(stargzAnnotation));
}

/** The image whose config a value carries, if any. */
export function baseImage(module: IrModule, value: OpId): ImageOp | undefined {
  let op: Op = opOf(module, value);
  for (;;) {
    if (op.kind === 'image') return op;
    const input: OpId | undefined = op.kind === 'merge' ? op.inputs[0] : 'input' in op ? op.input : undefined;
    if (input === undefined) return undefined;
    op = opOf(module, input);
  }
}

function imagePlatformText({ texts, context }: Lowerer, { platform }: ImageOp): string {
  return platform === undefined
    ? formatPlatform(context.platform)
    : `${texts.of(platform.os)}/${texts.of(platform.arch)}`;
}

/** The annotations of each layer of a manifest, as names. */
function layersOf(manifest: string): readonly (readonly string[])[] {
  const value: unknown = parse(manifest);
  if (typeof value !== 'object' || value === null || !('layers' in value) || !Array.isArray(value.layers)) return [];
  return value.layers.map((layer: unknown) => {
    const has = typeof layer === 'object' && layer !== null && 'annotations' in layer;
    return has && typeof layer.annotations === 'object' && layer.annotations !== null
      ? Object.keys(layer.annotations)
      : [];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
