import { type Attributes, BuildkitError, type GatewayResult, openGateway, type Reference } from '@hlb/buildkit';
import { callsAround, type FrontendStep, resolveLater, type StepResult } from '@hlb/plan';
import { SolveError } from '../events/events.js';
import { commonOptions, EPOCH_OPTION, type SolveSettings } from '../settings/solve-settings.js';
import type { StepRun } from './step-run.js';

/**
 * Lets a frontend make LLB of its inputs, in the build's one session with all that it serves. Nothing of it is built yet. It has a
 * build of its own on the engine, so that entitlements, news and failures are its own.
 */
export async function runFrontendStep(step: FrontendStep, run: StepRun): Promise<StepResult> {
  const { build, signal, results } = run;
  const { settings } = build;
  const request = { session: build.sessionId, entitlements: step.entitlements, ...commonOptions(settings) };
  const gateway = await openGateway(build.connection, request, { signal });
  run.started(gateway.ref);
  const heard = run.hear(gateway);
  try {
    const inputs = [...step.inputs].map(([name, input]) => [name, resolveLater(input, results)] as const);
    for (const [, input] of inputs) run.defined(input);
    const solved = await gateway.solve({
      frontend: step.frontend,
      frontendAttrs: frontendAttrs(resolveLater(step.attrs, results), settings),
      frontendInputs: new Map(inputs),
      cacheImports: settings.cacheImports ?? [],
    });
    const result = resultOf(step, solved);
    run.resulted(result);
    return result;
  } catch (error) {
    if (error instanceof BuildkitError) await run.held(gateway, error);
    throw error;
  } finally {
    await gateway.close();
    await heard;
  }
}

/** The options that a frontend gets, with what holds for all builds where the program says nothing of it. */
function frontendAttrs(given: Attributes, { cacheImports, sourceDateEpoch }: SolveSettings): Attributes {
  const attrs = new Map(given);
  if (sourceDateEpoch !== undefined && !attrs.has(EPOCH_OPTION)) attrs.set(EPOCH_OPTION, String(sourceDateEpoch));
  if (cacheImports !== undefined && cacheImports.length > 0 && !attrs.has('cache-imports')) {
    const entries = cacheImports.map(({ type, attrs: values = [] }) => ({
      Type: type,
      Attrs: Object.fromEntries(values),
    }));
    attrs.set('cache-imports', JSON.stringify(entries));
  }
  return attrs;
}

function resultOf(step: FrontendStep, solved: GatewayResult): StepResult {
  const { ref, platform } = onlyRef(step, solved);
  if (ref !== undefined && ref.definition === undefined) {
    throw unsupported(
      step,
      'this engine is too old for frontends: it does not tell what they made (BuildKit 0.8 does)',
    );
  }
  return { kind: 'frontend', definition: ref?.definition, metadata: metadataOf(solved.metadata, platform) };
}

function onlyRef(
  step: FrontendStep,
  { refs }: GatewayResult,
): { readonly ref: Reference | undefined; readonly platform?: string } {
  if (refs.kind === 'one') return { ref: refs.ref };
  const [first, ...others] = refs.refs;
  if (first !== undefined && others.length === 0) return { ref: first[1], platform: first[0] };
  throw unsupported(step, `the frontend gave results for ${refs.refs.size} platforms, where one is wanted`);
}

/** In a result by platforms each key ends with its platform. */
function metadataOf(
  metadata: ReadonlyMap<string, Uint8Array>,
  platform: string | undefined,
): ReadonlyMap<string, Uint8Array> {
  if (platform === undefined) return metadata;
  const suffix = `/${platform}`;
  return new Map(
    [...metadata].map(([key, value]) => [key.endsWith(suffix) ? key.slice(0, -suffix.length) : key, value]),
  );
}

function unsupported(step: FrontendStep, message: string): SolveError {
  return new SolveError(message, { reason: 'unsupported', step: step.id, places: [], calls: callsAround(step.call) });
}
