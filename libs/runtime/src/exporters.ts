import { type Output, resolveLater, type StepResults } from '@hlb/plan';

/** An exporter as a solve request names it. */
export interface Exporter {
  readonly type: string;
  readonly attrs: ReadonlyMap<string, string>;
}

/** What the engine is asked to do with a result, by where the output goes. */
export function exporterOf(output: Output, results: StepResults): Exporter {
  switch (output.kind) {
    case 'directory':
      return { type: 'local', attrs: new Map() };
    case 'tar':
      return { type: 'tar', attrs: new Map() };
    case 'oci-tar':
      return { type: 'oci', attrs: new Map([['containerimage.config', resolveLater(output.config, results)]]) };
    case 'docker-tar':
    case 'load':
      return {
        type: 'docker',
        attrs: new Map([
          ['name', resolveLater(output.ref, results)],
          ['containerimage.config', resolveLater(output.config, results)],
        ]),
      };
    case 'push':
      return {
        type: 'image',
        attrs: new Map([
          ['name', resolveLater(output.ref, results)],
          ['push', 'true'],
          ['containerimage.config', resolveLater(output.config, results)],
          ...(output.stargz
            ? ([
                ['compression', 'estargz'],
                ['oci-mediatypes', 'true'],
              ] as const)
            : []),
          ...(output.forceCompression ? ([['force-compression', 'true']] as const) : []),
        ]),
      };
  }
}

/** Whether an output's bytes come to this client. */
export function isClientSide(output: Output): boolean {
  return output.kind !== 'push';
}
