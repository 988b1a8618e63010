import type {
  Connection,
  Gateway,
  GatewayResult,
  Reference,
  Solve,
  SolveCallOptions,
  SolveOptions,
} from '@hlb/buildkit';
import { parsePlatform } from '@hlb/llb';
import { type PlatformPart, resolveLater, type StepResults } from '@hlb/plan';
import { datedConfig } from '../outputs/dated-config.js';
import { clientSolve, type Held } from '../session/client-solve.js';

/** What is solved for each platform. */
export interface PlatformsWork {
  readonly parts: readonly PlatformPart[];
  readonly results: StepResults;
  /** The time of steps (seconds since 1970), where one is given. */
  readonly epoch: bigint | undefined;
}

/** A solve for several platforms: this client puts their results together, as one result for the exporters. */
export function platformsSolve(
  connection: Connection,
  request: SolveOptions,
  call: SolveCallOptions,
  work: PlatformsWork,
  held?: Held,
): Solve {
  const { definition: _, ...build } = request;
  return clientSolve(connection, build, call, (gateway) => solveParts(gateway, request, work), held);
}

async function solveParts(
  gateway: Gateway,
  { cacheImports = [] }: SolveOptions,
  { parts, results, epoch }: PlatformsWork,
): Promise<GatewayResult> {
  const refs = await Promise.all(
    parts.map(async (part): Promise<readonly [string, Reference | undefined]> => {
      const definition = resolveLater(part.definition, results);
      if (definition.def.length === 0) return [part.platform, undefined];
      // Everything is built before the first exporter begins.
      const solved = await gateway.solve({ definition, cacheImports, evaluate: true });
      return [part.platform, solved.refs.kind === 'one' ? solved.refs.ref : undefined];
    }),
  );
  return {
    refs: { kind: 'platforms', refs: new Map(refs) },
    metadata: partsMetadata(parts, results, epoch),
    attestations: new Map(),
  };
}

/** What tells exporters which result is for which platform, and each image's config. */
function partsMetadata(
  parts: readonly PlatformPart[],
  results: StepResults,
  epoch: bigint | undefined,
): ReadonlyMap<string, Uint8Array> {
  const platforms = parts.map(({ platform }) => {
    const { os, architecture, variant } = parsePlatform(platform);
    return { ID: platform, Platform: { architecture, os, ...(variant === undefined ? {} : { variant }) } };
  });
  const metadata = new Map([['refs.platforms', Buffer.from(JSON.stringify({ Platforms: platforms }))]]);
  for (const { platform, configs } of parts) {
    const config = configs.find((one) => one !== undefined);
    const text = config === undefined ? '' : datedConfig(resolveLater(config, results), epoch);
    if (text !== '') metadata.set(`containerimage.config/${platform}`, Buffer.from(text));
  }
  return metadata;
}
