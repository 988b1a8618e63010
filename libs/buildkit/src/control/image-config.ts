import { hasClassicStore } from '../capabilities/image-store.js';
import type { Connection } from '../connect/connection.js';
import { openGateway } from '../gateway/open-gateway.js';
import type { SolveOptions } from './solve-request.js';
import type { Solve, SolveCallOptions } from './start-solve.js';

/** The attribute of exporters, and the metadata of results, that holds the config of an image. */
const CONFIG = 'containerimage.config';

/**
 * The config that an engine would leave out without a word: Docker's classic image store takes it from frontends alone, and not from
 * an attribute of the exporter.
 */
export function configOfFrontendsAlone(connection: Connection, options: SolveOptions): string | undefined {
  if (options.definition === undefined || !hasClassicStore(connection)) return undefined;
  return options.exporters?.find(({ type }) => type === 'moby')?.attrs?.get(CONFIG);
}

/** Builds a definition with this client as the frontend, which gives the config of the image along with the result. */
export async function solveWithConfig(
  connection: Connection,
  config: string,
  { definition, ...options }: SolveOptions,
  call: SolveCallOptions,
): Promise<Solve> {
  const gateway = await openGateway(connection, options, call);
  const build = async (): ReturnType<typeof gateway.return> => {
    try {
      const result = await gateway.solve({ ...(definition === undefined ? {} : { definition }) });
      const metadata = new Map([...result.metadata, [CONFIG, Buffer.from(config)] as const]);
      return await gateway.return({ ...result, metadata });
    } catch (error) {
      // Without this the build would wait for its frontend, and one that just ends would export what is empty.
      await gateway.fail('the build was given up').catch(() => undefined);
      throw error;
    }
  };
  const done = build();
  done.catch(() => undefined); // who doesn't look at it learns nothing, as with other builds
  return { ref: gateway.ref, updates: gateway.updates, done };
}
