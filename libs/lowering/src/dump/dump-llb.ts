import { isAbsolute, relative } from 'node:path';
import {
  type FrontendStep,
  type Output,
  type OutputStep,
  type Plan,
  type PlanRequest,
  resolveLater,
  type SessionNeeds,
  type Step,
  type StepId,
  type StepResults,
  withLateNeeds,
} from '@hlb/plan';
import { type AssumedFacts, assumedResults } from './assumed-results.js';
import { type DefinitionJson, definitionJson } from './definition-json.js';

export interface DumpLlbOptions {
  /** The current directory, absolute: paths below it are shown relative. */
  readonly cwd: string;
  /** What stands in place of running steps. Without answers frontends give scratch, and digests are zeros. */
  readonly facts?: AssumedFacts;
}

/** What a build asks of an engine, in the form of the conformance data's compiled programs. */
export type RequestJson =
  | { readonly parallel: readonly RequestJson[] }
  | { readonly sequential: readonly RequestJson[] }
  | (DefinitionJson & { readonly solve?: SolveJson; readonly session?: SessionJson });

export interface SessionJson {
  readonly syncedDirs?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
  readonly agents?: Readonly<Record<string, { readonly ssh: boolean; readonly paths: readonly string[] }>>;
  readonly syncTargetDir?: string;
  readonly syncTargetFile?: true;
}

export interface SolveJson {
  readonly entitlements?: readonly string[];
  readonly download?: string;
  readonly downloadTarball?: true;
  readonly downloadOCITarball?: true;
  readonly dockerRef?: string;
  readonly pushImage?: string;
  readonly stargz?: true;
  readonly forceCompression?: true;
  readonly imageSpec?: unknown;
}

export type EffectJson =
  | { readonly kind: 'solve'; readonly request: RequestJson }
  | {
      readonly kind: 'frontend';
      readonly frontend: string;
      readonly frontendOpt: Readonly<Record<string, string>>;
      readonly frontendInputs?: Readonly<Record<string, DefinitionJson>>;
    };

export type ProgramJson = RequestJson & { readonly effects?: readonly EffectJson[] };

/**
 * A plan as one document. Runs nothing: in place of what steps give stands what the facts say.
 * @throws LoweringProblem where that shows something wrong with the program
 */
export async function dumpLlb(plan: Plan, options: DumpLlbOptions): Promise<ProgramJson> {
  const dump = new PlanDump(plan, options.cwd, await assumedResults(plan, options.facts));
  const requests = plan.targets.flatMap((target) => dump.request(target.request ?? { kind: 'nothing' }));
  const whole = grouped('parallel', requests) ?? { ops: [], terminal: null };
  const effects = dump.effects();
  return effects.length === 0 ? whole : { ...whole, effects };
}

class PlanDump {
  readonly #cwd: string;
  readonly #steps: ReadonlyMap<StepId, Step>;
  readonly #results: StepResults;

  constructor(plan: Plan, cwd: string, results: StepResults) {
    this.#cwd = cwd;
    this.#steps = new Map(plan.steps.map((step) => [step.id, withLateNeeds(step, results)]));
    this.#results = results;
  }

  request(request: PlanRequest): readonly RequestJson[] {
    switch (request.kind) {
      case 'nothing':
        return [];
      case 'solve': {
        const step = this.#steps.get(request.step);
        const definition = definitionJson(resolveLater(request.definition, this.#results));
        if (step === undefined) return [definition];
        const session = this.#session(step.session);
        return [{ ...definition, ...this.#solve(step, {}), ...(session === undefined ? {} : { session }) }];
      }
      case 'parallel':
      case 'sequential': {
        const parts = request.requests.flatMap((part) => this.request(part));
        const whole = grouped(request.kind, parts);
        return whole === undefined ? [] : [whole];
      }
    }
  }

  effects(): readonly EffectJson[] {
    return [...this.#steps.values()].flatMap((step): readonly EffectJson[] => {
      if (step.kind === 'frontend') return [this.#frontend(step)];
      return step.kind === 'output' ? step.outputs.map((output) => this.#output(step, output)) : [];
    });
  }

  #frontend(step: FrontendStep): EffectJson {
    const inputs = [...step.inputs].map(
      ([key, definition]) => [key, definitionJson(resolveLater(definition, this.#results))] as const,
    );
    return {
      kind: 'frontend',
      frontend: step.frontend,
      frontendOpt: Object.fromEntries(resolveLater(step.attrs, this.#results)),
      ...(inputs.length === 0 ? {} : { frontendInputs: Object.fromEntries(inputs) }),
    };
  }

  #output(step: OutputStep, output: Output): EffectJson {
    const session = this.#session(step.session, this.#target(output));
    return {
      kind: 'solve',
      request: {
        ...definitionJson(resolveLater(step.definition, this.#results)),
        ...this.#solve(step, this.#exporter(output)),
        ...(session === undefined ? {} : { session }),
      },
    };
  }

  #solve(step: Step, exporter: SolveJson): { readonly solve?: SolveJson } {
    const { entitlements } = step;
    const solve = entitlements.length === 0 ? exporter : { entitlements, ...exporter };
    return Object.keys(solve).length === 0 ? {} : { solve };
  }

  #exporter(output: Output): SolveJson {
    switch (output.kind) {
      case 'directory':
        return { download: this.#shown(resolveLater(output.path, this.#results)) };
      case 'tar':
        return { downloadTarball: true };
      case 'oci-tar':
        return { downloadOCITarball: true, ...this.#spec(output.config) };
      case 'docker-tar':
      case 'load':
        return { dockerRef: resolveLater(output.ref, this.#results), ...this.#spec(output.config) };
      case 'push':
        return {
          pushImage: resolveLater(output.ref, this.#results),
          ...(output.stargz ? { stargz: true } : {}),
          ...(output.forceCompression ? { forceCompression: true } : {}),
          ...this.#spec(output.config),
        };
    }
  }

  #spec(config: Extract<Output, { readonly kind: 'push' }>['config']): { readonly imageSpec?: unknown } {
    const text = resolveLater(config, this.#results);
    return text === '' ? {} : { imageSpec: JSON.parse(text) };
  }

  #target(output: Output): SessionJson {
    switch (output.kind) {
      case 'directory':
        return { syncTargetDir: this.#shown(resolveLater(output.path, this.#results)) };
      case 'push':
        return {};
      default:
        return { syncTargetFile: true };
    }
  }

  #session(needs: SessionNeeds, target: SessionJson = {}): SessionJson | undefined {
    const { directories, secrets, agents } = needs;
    const session: SessionJson = {
      ...(directories.length === 0 ? {} : { syncedDirs: directories.map(({ name }) => name).sort() }),
      ...(secrets.length === 0
        ? {}
        : { secrets: Object.fromEntries(secrets.map(({ id, path }) => [id, this.#shown(path)])) }),
      ...(agents.length === 0
        ? {}
        : { agents: Object.fromEntries(agents.map((agent) => [agent.id, this.#agent(agent)])) }),
      ...target,
    };
    return Object.keys(session).length === 0 ? undefined : session;
  }

  #agent({ source }: SessionNeeds['agents'][number]): { readonly ssh: boolean; readonly paths: readonly string[] } {
    switch (source.kind) {
      case 'environment':
        return { ssh: true, paths: [] };
      case 'paths':
        return { ssh: true, paths: source.paths.map((path) => this.#shown(path)) };
      case 'forward': {
        const socket = source.url.startsWith('unix://');
        return {
          ssh: false,
          // What is no socket is served by one that stands for it, which has no path: the same is shown on every machine.
          paths: [socket ? this.#shown(source.url.slice('unix://'.length)) : '/tmp/proxy.sock'],
        };
      }
    }
  }

  /** A path below the current directory relative to it, any other as it is. */
  #shown(path: string): string {
    const below = relative(this.#cwd, path);
    if (below === '') return '.';
    return below === '..' || below.startsWith('../') || isAbsolute(below) ? path : below;
  }
}

/** Requests in a group: none are nothing, one stands for itself. */
function grouped(kind: 'parallel' | 'sequential', requests: readonly RequestJson[]): RequestJson | undefined {
  const [first] = requests;
  if (requests.length < 2) return first;
  return kind === 'parallel' ? { parallel: requests } : { sequential: requests };
}
