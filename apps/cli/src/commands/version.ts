import { ConnectError, type Connection, connect, connectFirst, engineAddresses, engineVersion } from '@hlb/buildkit';
import { engineStatus } from '@hlb/engine';
import { type Io, write } from '../process/io.js';
import type { GlobalOptions } from '../program/options.js';
import { VERSION } from '../version.js';

/** How long an engine may take to say what it is (ms): whoever asks for a version doesn't wait for one that is gone. */
const PATIENCE = 5_000;

/** What `hlb version --json` tells of the engine that `hlb run` would use; none is started for it. */
type EngineAnswer =
  | {
      readonly address: string;
      readonly kind: Connection['kind'];
      /** As the engine names itself; `null` from engines before BuildKit 0.11, which don't. */
      readonly buildkit: { readonly package: string; readonly version: string; readonly revision: string } | null;
      /** The first is its default. */
      readonly platforms: readonly string[];
    }
  | { readonly error: string };

/** `hlb version --json`: the versions of hlb, Node and the engine. */
export async function versionJson(io: Io, options: GlobalOptions): Promise<number> {
  const engine = await engineAnswer(io, options);
  await write(io.stdout, `${JSON.stringify({ version: VERSION, node: process.version, engine })}\n`);
  return 0;
}

async function engineAnswer(io: Io, options: GlobalOptions): Promise<EngineAnswer> {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const connection = await findEngine(io, options, signal);
    try {
      const platforms = connection.workers[0]?.platforms ?? [];
      return {
        address: connection.address,
        kind: connection.kind,
        buildkit: (await engineVersion(connection, signal)) ?? null,
        platforms: [...new Set(platforms.map(platformName))],
      };
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (signal.aborted) return { error: `the engine did not answer within ${PATIENCE / 1000} s` };
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function platformName({ OS, Architecture, Variant }: Connection['workers'][number]['platforms'][number]): string {
  return [OS, Architecture, Variant].filter((part) => part !== '').join('/');
}

/** The engine that is chosen, or one of the usual places, or the managed one if it runs. */
async function findEngine(io: Io, options: GlobalOptions, signal: AbortSignal): Promise<Connection> {
  const candidates = await engineAddresses({ address: options.engine, env: io.env });
  try {
    return await connectFirst(candidates, { signal });
  } catch (error) {
    if (!(error instanceof ConnectError) || candidates.some(({ chosen }) => chosen)) throw error;
    const managed = await engineStatus({ env: io.env, signal });
    if (managed.state !== 'up') throw error;
    return connect(managed.address, { expect: 'docker', signal });
  }
}
