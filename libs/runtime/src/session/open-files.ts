import type { Gateway, Reference } from '@hlb/buildkit';
import { resolveLater, type SolveStep, type StepResults, withLateNeeds } from '@hlb/plan';
import { solveFailure } from '../failure/solve-failure.js';
import type { Build } from './build.js';
import { serveNeeds } from './session-needs.js';

/** What a solve gave, left on the engine, where its files can be read for as long as the build is open. */
export interface BuiltFiles {
  /**
   * The content of a file; links are followed inside of what was built.
   * @param limit the most that it may have (bytes)
   * @throws Error when there is no such file, or a larger one
   */
  read(path: string, limit: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/**
 * Builds what a step solves in the session of the build, to read files of it.
 * @param results of the steps that it needs
 * @throws SolveError when it can't be built
 */
export async function openFiles(
  planned: SolveStep,
  results: StepResults,
  build: Build,
  signal?: AbortSignal,
): Promise<BuiltFiles> {
  const step = withLateNeeds(planned, results);
  const definition = resolveLater(step.definition, results);
  if (definition.def.length === 0) return noFiles;
  try {
    await serveNeeds(build.session, step.session, build.env);
    const gateway = await build.gateway(step.entitlements, signal);
    const { refs } = await gateway.solve(
      { definition, evaluate: true, cacheImports: build.settings.cacheImports ?? [] },
      signal,
    );
    const ref = refs.kind === 'one' ? refs.ref : [...refs.refs.values()][0];
    return ref === undefined ? noFiles : filesOf(gateway, ref);
  } catch (error) {
    throw solveFailure(error, { step, cancelled: signal?.aborted === true });
  }
}

const noFiles: BuiltFiles = {
  read: (path) => Promise.reject(new Error(`there is no file ${path}: the file system is empty`)),
};

function filesOf(gateway: Gateway, ref: Reference): BuiltFiles {
  return {
    async read(path, limit, signal) {
      const range = { offset: 0n, length: BigInt(limit) + 1n };
      const content = await gateway.readFile(ref, path, range, signal);
      if (content.length > limit) throw new Error(`${path} has more than ${limit} bytes`);
      return content;
    },
  };
}
