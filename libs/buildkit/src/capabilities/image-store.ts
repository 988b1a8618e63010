import { checkArguments, fields, list, OBJECT, TEXT } from '../arguments/forms.js';
import type { Connection } from '../connect/connection.js';
import type { SolveOptions } from '../control/solve-request.js';
import { BuildkitError } from '../errors/buildkit-error.js';

/** The label by which workers name where they keep file systems; Docker's engine has none on its classic image store. */
const SNAPSHOTTER = 'org.mobyproject.buildkit.worker.snapshotter';

const IMAGE_EXPORTERS: readonly string[] = ['image', 'oci', 'docker'];

/** Caches that are images themselves. */
const IMAGE_CACHES: readonly string[] = ['registry', 'local'];

/** Whether the engine is Docker's own on its classic image store, as every Docker before 23 is: it makes images for itself alone. */
export function hasClassicStore(connection: Connection): boolean {
  checkArguments('hasClassicStore', { connection: [connection, fields({ kind: TEXT, workers: list(OBJECT) })] });
  const { kind, workers } = connection;
  return kind === 'docker' && workers[0]?.Labels.has(SNAPSHOTTER) === false;
}

/**
 * Makes sure that a build on Docker's classic image store asks for no images or caches that it can't export. The engine's own
 * words for that are that it doesn't know the exporter.
 * @returns the error, a `UNIMPLEMENTED` that names what has them; `undefined` where all is well
 */
export function classicStoreRefusal(connection: Connection, options: SolveOptions): BuildkitError | undefined {
  if (!hasClassicStore(connection)) return undefined;
  const exporter = options.exporters?.find(({ type }) => IMAGE_EXPORTERS.includes(type));
  const cache = options.cacheExports?.find(({ type }) => IMAGE_CACHES.includes(type));
  const attested = [...(options.frontendAttrs?.keys() ?? [])].some((key) => key.startsWith('attest:'));
  const loaded = options.exporters?.some(({ type }) => type === 'moby') === true;
  const what =
    exporter !== undefined
      ? `the exporter "${exporter.type}"`
      : cache !== undefined
        ? `exporting a cache of the type "${cache.type}"`
        : attested && loaded
          ? 'an attestation of an image'
          : undefined;
  if (what === undefined) return undefined;
  return new BuildkitError(
    `${what} is not supported by this engine: Docker has it with the containerd image store alone (Docker 23 or newer)`,
    { code: 'UNIMPLEMENTED' },
  );
}
