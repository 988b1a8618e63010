import type { DirectoryRequest, Session } from '@hlb/buildkit';
import { type Definition, decodeOp } from '@hlb/llb';
import type { SolveEvent } from '@hlb/runtime';
import { FileList } from './file-list.js';
import { BuildGraph } from './graph-record.js';
import { HiddenText } from './hidden-text.js';
import { RECORD_VERSION, type RunRecord, type StepState } from './record.js';
import type { NewBuild } from './store.js';

/** What the engine told of a vertex at last. */
interface Vertex {
  cached: boolean;
  started: boolean;
  completed: boolean;
  error: string | undefined;
}

/** What a target solves. */
export interface SolvedTarget {
  readonly definitions: readonly Definition[];
  readonly sessionId: string;
}

/** What is known when a build has ended. */
export interface EndedBuild extends SolvedTarget {
  readonly engine: string;
  readonly outcome: RunRecord['outcome'];
  /** Texts of the program and its modules, whose words may be shown. */
  readonly programs: readonly string[];
  /** ms since 1970. */
  readonly time: number;
}

/** Listens to a build, to remember afterwards what became of its steps and which files were sent. */
export class BuildRecorder {
  readonly #vertices = new Map<string, Vertex>();
  readonly #lists = new Map<string, FileList>();
  readonly #prepared: { readonly definitions: readonly Definition[]; readonly graph: BuildGraph }[] = [];

  /**
   * Reads the ops of what is being solved, which {@link finish} needs: the engine is at work meanwhile, and nobody waits for it then.
   * @param key with which words are hidden
   */
  prepare(target: SolvedTarget, key: Uint8Array): void {
    this.#prepared.push({ definitions: target.definitions, graph: newGraph(target, key) });
  }

  /** Takes in an event of the build. */
  take(event: SolveEvent): void {
    if (event.kind !== 'vertex') return;
    const { digest, cached, started, completed, error } = event;
    const before = this.#vertices.get(digest);
    this.#vertices.set(digest, {
      cached: cached || before?.cached === true,
      started: started !== undefined || before?.started === true,
      completed: completed !== undefined,
      error: error ?? before?.error,
    });
  }

  /** Listens to what the session sends. Returns the function that ends it. */
  listen(session: Pick<Session, 'onDirectory'>): () => void {
    return session.onDirectory((request) => {
      const list = new FileList();
      // Sent again, the last counts.
      this.#lists.set(requestKey(request), list);
      return (entry) => list.add(entry);
    });
  }

  /**
   * What is to be kept of it for a target.
   * @param key with which words are hidden
   */
  finish(build: EndedBuild, key: Uint8Array): NewBuild {
    const graph =
      this.#prepared.find(({ definitions }) => isSame(definitions, build.definitions))?.graph ?? newGraph(build, key);
    const states: StepState[] = [...graph.places.keys()].map((digest) =>
      stateOf(this.#vertices.get(digest), build.outcome),
    );
    const files: Record<string, string> = {};
    const lists = new Map<string, () => string>();
    if (this.#lists.size > 0) {
      for (const definition of build.definitions) {
        for (const [at, bytes] of definition.def.entries()) {
          const place = graph.places.get(definition.digests[at] ?? '');
          if (place === undefined || files[place] !== undefined || !mentionsLocal(bytes)) continue;
          const list = this.#lists.get(localKey(bytes) ?? '');
          if (list === undefined) continue;
          const { name } = list;
          files[place] = name;
          lists.set(name, () => list.toString());
        }
      }
    }
    const { time, outcome, engine } = build;
    return {
      run: { version: RECORD_VERSION, time, outcome, engine, graph: graph.id, states, files },
      graph: () => {
        return graph.record(build.programs);
      },
      lists,
    };
  }
}

function newGraph({ definitions, sessionId }: SolvedTarget, key: Uint8Array): BuildGraph {
  return new BuildGraph(definitions, sessionId, new HiddenText(key));
}

function isSame(one: readonly Definition[], other: readonly Definition[]): boolean {
  return one.length === other.length && one.every((definition, at) => definition === other[at]);
}

function stateOf(vertex: Vertex | undefined, outcome: EndedBuild['outcome']): StepState {
  if (vertex === undefined || (!vertex.started && !vertex.cached)) return 'none';
  // In a build that is done it was not needed: the engine has found what follows from it in the cache meanwhile.
  const cancelled = outcome === 'done' ? 'cached' : 'cancelled';
  if (vertex.error !== undefined) return /context cancell?ed/.test(vertex.error) ? cancelled : 'failed';
  if (vertex.cached) return 'cached';
  return vertex.completed ? 'ran' : cancelled;
}

const LOCAL = Buffer.from('local://');

function mentionsLocal(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(LOCAL);
}

/** The key of what a local source asks for. */
function localKey(bytes: Uint8Array): string | undefined {
  const { op } = decodeOp(bytes);
  if (op?.$case !== 'source' || !op.value.identifier.startsWith('local://')) return undefined;
  const { identifier, attrs } = op.value;
  return requestKey({
    name: identifier.slice('local://'.length),
    include: patterns(attrs.get('local.includepattern')),
    exclude: patterns(attrs.get('local.excludepatterns')),
    follow: patterns(attrs.get('local.followpaths')),
  });
}

function patterns(json: string | undefined): readonly string[] {
  if (json === undefined || json === '') return [];
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.map(String) : [];
}

function requestKey({ name, include, exclude, follow }: DirectoryRequest): string {
  return JSON.stringify([name, include, exclude, follow]);
}
