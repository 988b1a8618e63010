import { type CacheEntry, type Gateway, openGateway, type Reference } from '@hlb/buildkit';
import type { Definition } from '@hlb/llb';
import type { StepId } from '@hlb/plan';
import { SolveError, type SolveEvent } from '../events/events.js';
import { now } from '../events/now.js';
import { StatusEvents } from '../events/status-events.js';
import type { Build } from '../session/build.js';
import { askedExport, enterExports } from './local-caches.js';
import { commonOptions } from './solve-settings.js';

/** What an export has around it. */
export interface ExportContext {
  readonly build: Build;
  /** Of all that it takes part in: they are granted to a build as a whole. */
  readonly entitlements: readonly string[];
  readonly emit: (event: SolveEvent) => void;
  readonly signal: AbortSignal;
}

/** One export of what several solves gave: a build on the engine that takes part in all of them. */
export class TogetherExport {
  readonly #entry: CacheEntry;
  readonly #step: StepId;
  readonly #context: ExportContext;
  readonly #gateway: Promise<Gateway>;
  /** What each step gives; that of a step that is done again replaces the earlier. */
  readonly #refs = new Map<StepId, Promise<readonly (Reference | undefined)[]>>();
  /** Vertices that steps tell of. */
  readonly #others = new Set<string>();
  #exporting = false;
  #heard: Promise<void> = Promise.resolve();

  constructor(entry: CacheEntry, step: StepId, context: ExportContext) {
    const { build, entitlements, signal } = context;
    this.#entry = entry;
    this.#step = step;
    this.#context = context;
    const request = { session: build.sessionId, entitlements, internal: true, cacheExports: [askedExport(entry)] };
    this.#gateway = openGateway(build.connection, { ...request, ...commonOptions(build.settings) }, { signal });
    this.#gateway.then(
      (gateway) => {
        this.#heard = this.#hear(gateway);
      },
      () => undefined,
    );
  }

  /** Takes part in a step that is about to solve these: its failure is told by the step. */
  async include(step: StepId, definitions: readonly Definition[]): Promise<void> {
    const gateway = await this.#gateway;
    const { build, signal } = this.#context;
    const { cacheImports = [] } = build.settings;
    const refs = definitions.map(async (definition) => {
      if (definition.def.length === 0) return undefined;
      const solved = await gateway.solve({ definition, evaluate: true, cacheImports }, signal);
      return solved.refs.kind === 'one' ? solved.refs.ref : undefined;
    });
    const all = Promise.all(refs);
    all.catch(() => undefined);
    this.#refs.set(step, all);
  }

  /** Exports what the solves gave. */
  async finish(): Promise<void> {
    const { emit } = this.#context;
    const step = this.#step;
    const place = exportPlace(this.#entry);
    try {
      const gateway = await this.#gateway;
      const refs = (await Promise.all(this.#refs.values())).flat().map((ref, index) => [String(index), ref] as const);
      const name = `export the cache to ${place}`;
      emit({ kind: 'step-started', time: now(), step, name, stepKind: 'cache-export', ref: gateway.ref });
      this.#exporting = true;
      const result = { kind: 'platforms', refs: new Map(refs) } as const;
      const response = await gateway.return({ refs: result, metadata: new Map(), attestations: new Map() });
      await this.#heard;
      await enterExports([this.#entry], response);
      emit({ kind: 'step-completed', time: now(), step });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      emit({ kind: 'step-completed', time: now(), step, error: why });
      const help = "With ignore-error=true a cache that can't be exported fails no build.";
      const details = { reason: 'output-failed', step, places: [], calls: [], help } as const;
      throw new SolveError(`the cache could not be exported to ${place}: ${why}`, details, { cause: error });
    }
  }

  /** Ends it, without an export where nothing was exported yet: an empty cache must not replace one that is there. */
  async close(): Promise<void> {
    const gateway = await this.#gateway.catch(() => undefined);
    gateway?.cancel();
    await gateway?.done.catch(() => undefined);
    await this.#heard;
  }

  /** Tells the news of the export alone. */
  async #hear(gateway: Gateway): Promise<void> {
    const events = new StatusEvents(this.#step, this.#context.build.sessionId);
    try {
      for await (const update of gateway.updates) this.#tell(events.take(update));
    } catch {
      // The connection is lost: the build's own call fails with it.
    }
    this.#tell(events.end());
  }

  #tell(events: Iterable<SolveEvent>): void {
    for (const event of events) {
      const vertex = event.kind === 'vertex' ? event.digest : 'vertex' in event ? event.vertex : '';
      if (!this.#exporting) this.#others.add(vertex);
      else if (!this.#others.has(vertex)) this.#context.emit(event);
    }
  }
}

/** Where an export goes, for people. */
function exportPlace({ type, attrs }: CacheEntry): string {
  return attrs?.get('ref') ?? attrs?.get('dest') ?? attrs?.get('bucket') ?? type;
}
