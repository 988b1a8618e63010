import type { Span } from '@hlb/diagnostics';
import type { EngineFacts, HostFacts, PathFact } from '@hlb/facts';
import type { Definition } from '@hlb/llb';

/** Names a step within its plan: `frontend-1`, `download-2`, `solve-3`. */
export type StepId = string & { readonly __brand: 'StepId' };

/**
 * What is to be done on an engine, in an order in which each step stands after all that it needs or follows. Steps that don't
 * depend on each other may run side by side. Printing a plan runs nothing.
 */
export interface Plan {
  readonly steps: readonly Step[];
  readonly targets: readonly PlanTarget[];
  /** The default platform, `os/arch[/variant]`; of several the first. */
  readonly platform: string;
}

/** A target of the command line: done when its steps are. */
export interface PlanTarget {
  readonly name: string;
  readonly steps: readonly StepId[];
  /** A text that the target yields, printed when the build is done; made of the results of `needs`. */
  readonly text?: Later<string>;
  /** What it asks for, as it was written: which solves stand side by side and which follow each other. */
  readonly request?: PlanRequest;
}

/** The shape of what a target asks for. */
export type PlanRequest =
  | { readonly kind: 'nothing' }
  /** The value that is solved, and the step that solves it: an output's own where nothing but the output wants it. */
  | { readonly kind: 'solve'; readonly step: StepId; readonly definition: Later<Definition> }
  | { readonly kind: 'parallel' | 'sequential'; readonly requests: readonly PlanRequest[] };

export type Step = FrontendStep | SolveStep | OutputStep | FactStep;

/** A step that is done on the engine, by a solve. */
export type EngineStep = Exclude<Step, FactStep>;

interface StepBase {
  readonly id: StepId;
  /** For people: `frontend docker/dockerfile`, `download ./bin`, `default`. */
  readonly name: string;
  /** Steps that must be done before this one starts: those whose results it needs, and those that order puts before it. */
  readonly after: readonly StepId[];
  /** What the session must serve for it, as far as it is known before anything is built. */
  readonly session: SessionNeeds;
  /** `network.host`, `security.insecure`; as far as they are known before. */
  readonly entitlements: readonly string[];
  /** What it needs beside these that is made of the results of earlier steps. */
  readonly lateNeeds?: Later<Needs>;
  /** The call that asked for it. */
  readonly call: Call | undefined;
}

/**
 * A call of the program, and the one that it was made by. A list of all calls around each step would be most of a plan whose functions
 * nest deep; those around several are there once.
 */
export interface Call {
  readonly span: Span;
  readonly caller: Call | undefined;
}

/** A call and those around it, innermost first. */
export function callsAround(call: Call | undefined): readonly Span[] {
  const calls: Span[] = [];
  for (let at = call; at !== undefined; at = at.caller) calls.push(at.span);
  return calls;
}

/** What a step needs of this host and of the engine's settings. */
export interface Needs {
  readonly session: SessionNeeds;
  readonly entitlements: readonly string[];
}

/** A frontend's solve: gives LLB and an image config; nothing is built yet. */
export interface FrontendStep extends StepBase {
  readonly kind: 'frontend';
  /** What is asked for it: the engine's own `dockerfile.v0`, or an image through `gateway.v0` (its name is `attrs.source`). */
  readonly frontend: 'dockerfile.v0' | 'gateway.v0';
  readonly attrs: Later<ReadonlyMap<string, string>>;
  readonly inputs: ReadonlyMap<string, Later<Definition>>;
}

/** A solve whose result stays in the engine's cache. */
export interface SolveStep extends StepBase {
  readonly kind: 'solve';
  readonly definition: Later<Definition>;
  /** What is solved for each platform, where the plan is for several; `definition` is the first's. */
  readonly parts?: readonly PlatformPart[];
}

/** What a step solves for one of several platforms. */
export interface PlatformPart {
  /** `os/arch[/variant]` */
  readonly platform: string;
  readonly definition: Later<Definition>;
  /** The image config of what leaves the engine, one for each of the step's outputs; absent where an output has none. */
  readonly configs: readonly (Later<string> | undefined)[];
}

/** A solve whose result leaves the engine. All outputs of a step share its solve. */
export interface OutputStep extends StepBase {
  readonly kind: 'output';
  readonly definition: Later<Definition>;
  /** Each with its place in the solve request. */
  readonly outputs: readonly Output[];
  /** What is solved for each platform, where the plan is for several; `definition` and the configs of `outputs` are the first's. */
  readonly parts?: readonly PlatformPart[];
}

/**
 * A question to this host or a registry that can only be put once earlier steps are done: a command that is given the digest of
 * something pushed, the manifest or the configuration of that image, a variable of that name, what stands at paths of this host that are
 * made of it, whether the keys of a host of git are known.
 */
export interface FactStep extends StepBase {
  readonly kind: 'fact';
  readonly asks: 'command' | 'manifest' | 'image-config' | 'variable' | 'paths' | 'known-hosts';
  /** The steps of whose results the question is made; all of them stand in `after`, too. */
  readonly needs: readonly StepId[];
  /** Asks. Rejects with what is wrong with the question, or with the answer. */
  readonly ask: (results: StepResults, facts: StepFactPort) => Promise<FactResult>;
}

/** Whom steps ask. */
export type StepFactPort = Pick<HostFacts, 'command' | 'environment' | 'path' | 'files' | 'knownHosts'> & EngineFacts;

/** What a step was told. */
export interface FactResult {
  readonly kind: 'fact';
  /**
   * What a command printed, or what of a manifest is wanted; empty where nothing is known. Of a configuration: its JSON. Of a host of git:
   * the lines about it.
   */
  readonly text: string;
  /** The digest of the image whose configuration it is. */
  readonly digest?: string;
  /** What stands at absolute paths of this host, where that was asked. */
  readonly paths?: ReadonlyMap<string, PathFact>;
  /** The regular files below directories of these, relative. */
  readonly files?: ReadonlyMap<string, readonly string[]>;
}

/** What leaves the engine, and to where; paths are absolute ones of this host. */
export type Output =
  | { readonly kind: 'directory'; readonly path: Later<string> }
  | { readonly kind: 'tar'; readonly path: Later<string> }
  | { readonly kind: 'oci-tar'; readonly path: Later<string>; readonly config: Later<string> }
  | {
      readonly kind: 'docker-tar';
      readonly path: Later<string>;
      readonly ref: Later<string>;
      readonly config: Later<string>;
    }
  | {
      readonly kind: 'push';
      readonly ref: Later<string>;
      readonly config: Later<string>;
      readonly stargz: boolean;
      readonly forceCompression: boolean;
    }
  | { readonly kind: 'load'; readonly ref: Later<string>; readonly config: Later<string> };

/** A value that is known, or a pure function of the results of earlier steps. */
export type Later<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'later'; readonly needs: readonly StepId[]; readonly make: (results: StepResults) => T };

/** What steps gave, by their ids. */
export type StepResults = ReadonlyMap<StepId, StepResult>;

export type StepResult =
  | {
      readonly kind: 'frontend';
      /** `undefined` for scratch. */
      readonly definition: Definition | undefined;
      /** `containerimage.config` and what else the frontend returned. */
      readonly metadata: ReadonlyMap<string, Uint8Array>;
    }
  | { readonly kind: 'solve' }
  | FactResult
  | {
      readonly kind: 'output';
      /** The exporters' answers: `containerimage.digest`, … */
      readonly response: ReadonlyMap<string, string>;
    };

/** What a session must have for a step. All of it is served by the one session of the build. */
export interface SessionNeeds {
  readonly directories: readonly SyncedDirectory[];
  readonly secrets: readonly SecretFile[];
  readonly agents: readonly Agent[];
}

/** A directory that the engine may read, within its patterns. */
export interface SyncedDirectory {
  /** NAME of `local://NAME`. */
  readonly name: string;
  /** Absolute path on this host. */
  readonly path: string;
  /** As in the op; an empty list is no restriction. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface SecretFile {
  readonly id: string;
  readonly path: string;
}

export interface Agent {
  readonly id: string;
  readonly source: /** The user's agent, `SSH_AUTH_SOCK`. */
    | { readonly kind: 'environment' }
    /** Agent sockets or unencrypted key files. */
    | { readonly kind: 'paths'; readonly paths: readonly string[] }
    /** Any stream: a Unix socket or a network address. */
    | { readonly kind: 'forward'; readonly url: string };
}

/** The id of a step, of a text that no other step of the plan has. */
export function stepId(text: string): StepId {
  if (!isStepId(text)) throw new RangeError('a step needs a name');
  return text;
}

function isStepId(text: string): text is StepId {
  return text !== '';
}

/** Wraps a value that is known. */
export function known<T>(value: T): Later<T> {
  return { kind: 'known', value };
}

/** The value, once the steps that it needs are done. */
export function resolveLater<T>(later: Later<T>, results: StepResults): T {
  return later.kind === 'known' ? later.value : later.make(results);
}
