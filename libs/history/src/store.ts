import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type GraphRecord, RECORD_VERSION, type RememberedBuild, type RunRecord } from './record.js';

/** Builds of a target that are kept: the last, and the one that it is compared with. */
const KEPT_RUNS = 2;

/** Targets that are remembered, and the bytes that all of it may take. */
const KEPT_TARGETS = 100;
const KEPT_BYTES = 128 << 20;

/** What no build refers to is left alone for this long (ms): another process may be about to. */
const GRACE = 60_000;

/** What names a target's builds. */
export interface TargetKey {
  /** The program, absolute; standard input as `FOLDER/<stdin>`. */
  readonly program: string;
  readonly target: string;
}

/** A build that is to be kept. Graph and lists are asked for only where they aren't kept yet. */
export interface NewBuild {
  readonly run: RunRecord;
  readonly graph: () => GraphRecord;
  /** Lists of files by the names under which the run has them. */
  readonly lists: ReadonlyMap<string, () => string>;
}

/** The user's folder of remembered builds: `hlb/builds` in `XDG_CACHE_HOME`, else in `~/.cache`. */
export function historyFolder(env: Readonly<Record<string, string | undefined>>): string {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(cache, 'hlb', 'builds');
}

/** Builds on disk. Each file is written whole, and nobody but the user can read it. */
export class HistoryStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The key with which words are hidden, made when it is first asked for. */
  key(): Uint8Array {
    const path = join(this.#folder, 'key');
    const known = read(path);
    if (known !== undefined && known.length === 32) return known;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const made = randomBytes(32);
    write(path, made);
    return made;
  }

  /** Keeps a build, and forgets what is older than is needed. */
  save(key: TargetKey, { run, graph, lists }: NewBuild): void {
    const folder = this.#of(key);
    const isNew = !existsSync(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const graphFile = join(folder, graphName(run.graph));
    if (!existsSync(graphFile)) write(graphFile, JSON.stringify(graph()));
    for (const [name, list] of lists) {
      const path = join(folder, listName(name));
      if (!existsSync(path)) write(path, list());
    }
    // Times in names sort as texts for the next few thousand years.
    write(
      join(folder, `run-${run.time.toString(36).padStart(9, '0')}-${randomBytes(3).toString('hex')}.json`),
      JSON.stringify(run),
    );
    forgetOld(folder);
    if (isNew) this.#bound(folder);
  }

  /** The builds that are kept, the last first. What can't be read counts as not kept. */
  load(key: TargetKey): readonly RememberedBuild[] {
    const folder = this.#of(key);
    return runNames(folder)
      .reverse()
      .flatMap((name) => {
        const run = readJson(join(folder, name), isRun);
        const graph = run === undefined ? undefined : readJson(join(folder, graphName(run.graph)), isGraph);
        if (run === undefined || graph === undefined || graph.steps.length !== run.states.length) return [];
        const lists = [...new Set(Object.values(run.files))].flatMap((list) => {
          const text = read(join(folder, listName(list)));
          return text === undefined ? [] : [[list, text.toString('utf8')] as const];
        });
        return [{ run, steps: graph.steps, lists: new Map(lists) }];
      });
  }

  #of({ program, target }: TargetKey): string {
    const name = createHash('sha256')
      .update(JSON.stringify([program, target]))
      .digest('hex');
    return join(this.#folder, name.slice(0, 32));
  }

  /** Removes the targets that were built the longest ago, when there are too many or they are too large. */
  #bound(own: string): void {
    const targets = list(this.#folder)
      .filter((name) => /^[0-9a-f]{32}$/.test(name))
      .map((name) => folderState(join(this.#folder, name)))
      .sort((a, b) => b.time - a.time);
    let bytes = 0;
    for (const [place, target] of targets.entries()) {
      bytes += target.bytes;
      if (target.path !== own && (place >= KEPT_TARGETS || bytes > KEPT_BYTES)) {
        rmSync(target.path, { recursive: true, force: true });
      }
    }
  }
}

function graphName(id: string): string {
  return `graph-${id}.json`;
}

function listName(id: string): string {
  return `files-${id}.txt`;
}

function runNames(folder: string): string[] {
  return list(folder)
    .filter((name) => /^run-[0-9a-z]+-[0-9a-f]+\.json$/.test(name))
    .sort();
}

/** Removes older builds, and graphs and lists that none of the others has. */
function forgetOld(folder: string): void {
  const runs = runNames(folder);
  const old = runs.slice(0, -KEPT_RUNS);
  for (const name of old) rmSync(join(folder, name), { force: true });
  if (old.length === 0) return;
  const kept = runs.slice(-KEPT_RUNS).flatMap((name) => readJson(join(folder, name), isRun) ?? []);
  const needed = new Set(kept.flatMap(({ graph, files }) => [graphName(graph), ...Object.values(files).map(listName)]));
  for (const name of list(folder)) {
    if (name.startsWith('run-') || needed.has(name)) continue;
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > GRACE) rmSync(path, { force: true });
  }
}

function folderState(path: string): { readonly path: string; readonly time: number; readonly bytes: number } {
  let time = 0;
  let bytes = 0;
  for (const name of list(path)) {
    const stats = statSync(join(path, name), { throwIfNoEntry: false });
    time = Math.max(time, stats?.mtimeMs ?? 0);
    bytes += stats?.size ?? 0;
  }
  return { path, time, bytes };
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function write(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function readJson<T>(path: string, is: (value: unknown) => value is T): T | undefined {
  const text = read(path)?.toString('utf8');
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return is(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRun(value: unknown): value is RunRecord {
  return hasVersion(value) && 'states' in value && Array.isArray(value.states) && 'graph' in value && 'files' in value;
}

function isGraph(value: unknown): value is GraphRecord {
  return hasVersion(value) && 'steps' in value && Array.isArray(value.steps);
}

function hasVersion(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === RECORD_VERSION;
}
