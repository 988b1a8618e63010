import type { Exporter, OutputTarget } from '@hlb/buildkit';
import { type Output, resolveLater, type StepResults } from '@hlb/plan';

/** What an output asks of the engine, and where what comes back goes. */
export interface OutputExport {
  readonly output: Output;
  readonly exporter: Exporter;
  /** Absent where the engine itself delivers it. */
  readonly target?: Without<OutputTarget, 'exporterId'>;
  /** A path of this host, or an image's name. */
  readonly destination: string;
}

type Without<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/** The name under which exporters take a result's image config. */
const IMAGE_CONFIG = 'containerimage.config';

/** What the engine is asked to do with a result, by where the output goes. */
export function outputExport(output: Output, results: StepResults): OutputExport {
  switch (output.kind) {
    case 'directory':
      return toPath(output, { type: 'local' }, { kind: 'directory', path: output.path });
    case 'tar':
      return toPath(output, { type: 'tar' }, { kind: 'file', path: output.path });
    case 'oci-tar': {
      const attrs = new Map([[IMAGE_CONFIG, resolveLater(output.config, results)]]);
      return toPath(output, { type: 'oci', attrs }, { kind: 'file', path: output.path });
    }
    case 'docker-tar': {
      const attrs = imageAttrs(output, results);
      return toPath(output, { type: 'docker', attrs }, { kind: 'file', path: output.path });
    }
    case 'push': {
      const attrs = imageAttrs(output, results).set('push', 'true');
      if (output.stargz) attrs.set('compression', 'estargz').set('oci-mediatypes', 'true');
      if (output.forceCompression) attrs.set('force-compression', 'true');
      return { output, exporter: { type: 'image', attrs }, destination: resolveLater(output.ref, results) };
    }
    case 'load': {
      // Docker's own exporter, which puts the image among Docker's.
      const attrs = imageAttrs(output, results);
      return { output, exporter: { type: 'moby', attrs }, destination: resolveLater(output.ref, results) };
    }
  }
}

function toPath(
  output: Extract<Output, { readonly path: string }>,
  exporter: Exporter,
  target: Without<OutputTarget, 'exporterId'>,
): OutputExport {
  return { output, exporter, target, destination: output.path };
}

function imageAttrs(
  { ref, config }: Pick<Extract<Output, { kind: 'load' }>, 'ref' | 'config'>,
  results: StepResults,
): Map<string, string> {
  return new Map([
    ['name', resolveLater(ref, results)],
    [IMAGE_CONFIG, resolveLater(config, results)],
  ]);
}
