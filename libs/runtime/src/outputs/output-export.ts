import type { Attributes, Exporter, OutputTarget } from '@hlb/buildkit';
import { type Later, type Output, resolveLater, type StepResults } from '@hlb/plan';
import { datedConfig } from './dated-config.js';
import type { ImageLoader } from './image-loader.js';

/** What an output asks of the engine, and where what comes back goes. */
export interface OutputExport {
  readonly output: Output;
  readonly exporter: Exporter;
  /** Opens what takes it in. Absent where the engine itself delivers it. */
  readonly target?: () => Target;
  /** A path of this host, or an image's name. */
  readonly destination: string;
}

type Without<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;
type Target = Without<OutputTarget, 'exporterId'>;

/** How outputs are made on an engine. */
export interface ExportForms {
  /** What takes an image that is to be loaded in, where the engine has no images of its own. */
  readonly loader: ImageLoader | undefined;
  /** Whether the result is one by platforms, which brings each one's config along. */
  readonly byPlatform: boolean;
  /** No time is later (seconds since 1970). */
  readonly epoch: bigint | undefined;
  /** Whether the engine can also set the times of files in images. */
  readonly rewritesTimes: boolean;
}

/** The name under which exporters take a result's image config. */
const IMAGE_CONFIG = 'containerimage.config';

/** What the engine is asked to do with a result, by where the output goes. */
export function outputExport(output: Output, results: StepResults, forms: ExportForms): OutputExport {
  const exported = plainExport(output, results, forms);
  const { epoch } = forms;
  if (epoch === undefined) return exported;
  const attrs = new Map(exported.exporter.attrs).set('source-date-epoch', String(epoch));
  const { type } = exported.exporter;
  // Docker's own exporter unpacks images as it stores them, which goes with no change of their layers.
  if (forms.rewritesTimes && (type === 'image' || type === 'oci' || type === 'docker')) {
    attrs.set('rewrite-timestamp', 'true');
  }
  return { ...exported, exporter: { type, attrs } };
}

function plainExport(output: Output, results: StepResults, forms: ExportForms): OutputExport {
  switch (output.kind) {
    case 'directory':
      return toPath(output, results, { type: 'local' }, 'directory');
    case 'tar':
      return toPath(output, results, { type: 'tar' }, 'file');
    case 'oci-tar': {
      const attrs = configAttrs(output, results, forms);
      return toPath(output, results, { type: 'oci', attrs }, 'file');
    }
    case 'docker-tar': {
      const attrs = imageAttrs(output, results, forms);
      return toPath(output, results, { type: 'docker', attrs }, 'file');
    }
    case 'push': {
      const attrs = imageAttrs(output, results, forms).set('push', 'true');
      if (output.stargz) attrs.set('compression', 'estargz').set('oci-mediatypes', 'true');
      if (output.forceCompression) attrs.set('force-compression', 'true');
      return { output, exporter: { type: 'image', attrs }, destination: resolveLater(output.ref, results) };
    }
    case 'load': {
      const attrs = imageAttrs(output, results, forms);
      const destination = resolveLater(output.ref, results);
      const { loader } = forms;
      if (loader !== undefined) {
        const target = (): Target => ({ kind: 'stream', sink: loader.open(), name: `${loader.name} load` });
        return { output, exporter: { type: 'docker', attrs }, target, destination };
      }
      // Docker's own exporter, which puts the image among Docker's.
      return { output, exporter: { type: 'moby', attrs }, destination };
    }
  }
}

function toPath(
  output: Extract<Output, { readonly path: Later<string> }>,
  results: StepResults,
  exporter: Exporter,
  kind: 'directory' | 'file',
): OutputExport {
  const path = resolveLater(output.path, results);
  return { output, exporter, target: () => ({ kind, path }), destination: path };
}

function imageAttrs(
  output: Pick<Extract<Output, { kind: 'load' }>, 'ref' | 'config'>,
  results: StepResults,
  forms: ExportForms,
): Map<string, string> {
  return new Map([['name', resolveLater(output.ref, results)], ...configAttrs(output, results, forms)]);
}

function configAttrs(
  { config }: Pick<Extract<Output, { kind: 'load' }>, 'config'>,
  results: StepResults,
  { byPlatform, epoch }: ExportForms,
): Attributes {
  return new Map(byPlatform ? [] : [[IMAGE_CONFIG, datedConfig(resolveLater(config, results), epoch)]]);
}

/** Outputs that a Docker archive holds: one image alone, with nothing said about it. */
export function isArchive({ exporter }: OutputExport): boolean {
  return exporter.type === 'docker';
}
