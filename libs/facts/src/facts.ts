/**
 * Everything that a compile must learn from outside, behind one port. Answers are remembered by the port, so that asking twice is
 * free, but for commands: each question runs one. Every method may reject with an `Error` whose message is a sentence for the user.
 */
export interface Facts extends HostFacts, EngineFacts, StepFacts {}

/** Of the machine that the compiler runs on. */
export interface HostFacts {
  /** The environment that `localEnv` sees. */
  environment(): Promise<ReadonlyMap<string, string>>;
  /** The process's current directory, absolute. */
  cwd(): Promise<string>;
  /** The user's home directory, for `~`. */
  home(): Promise<string>;
  /** As Go names them: `linux`, `darwin`, …; `amd64`, `arm64`, …. */
  os(): Promise<string>;
  arch(): Promise<string>;
  /** What stands at an absolute path of the host. */
  path(path: string): Promise<PathFact>;
  /**
   * The regular files below a directory, relative paths with `/`, in the order of a walk: names of one directory sorted by their
   * bytes, what is below a directory in its place. Links are neither listed nor followed.
   */
  files(directory: string): Promise<readonly string[]>;
  /**
   * The text of a file at an absolute path of the host: of a module, or a vendored copy of one. Rejects with a `HostFileError` where
   * there is none that can be read.
   */
  moduleText(path: string): Promise<string>;
  /** When a path, or what is below it, was last changed: nanoseconds since 1970. */
  latestChange(request: ChangeRequest): Promise<bigint>;
  /**
   * The lines of this host's known_hosts files that speak of another, in which a hashed name may stand for it; none where its keys
   * are not known.
   *
   * @param host as in a URL: `example.com`, `example.com:2222`
   */
  knownHosts(host: string): Promise<readonly string[]>;
  /** Of a network interface of this machine, as `02:42:ac:11:00:02`. */
  hardwareAddress(): Promise<string>;
  /** Runs a command on the host and gives what it wrote; rejects where it can't be started. */
  command(request: CommandRequest): Promise<CommandResult>;
}

export interface PathFact {
  readonly kind: 'directory' | 'file' | 'socket' | 'other' | 'missing' | 'unreadable';
  /** With all links followed; the path itself where nothing is there. */
  readonly realPath: string;
}

export interface ChangeRequest {
  /** Absolute. */
  readonly path: string;
  /** Patterns in the manner of a .dockerignore, of paths below it that count alone, or not at all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface CommandRequest {
  readonly args: readonly string[];
  /** Absolute directory in which it runs. */
  readonly cwd: string;
  /** How its two streams are captured; `both` in one, in the order in which they were written. */
  readonly capture: 'stdout' | 'stderr' | 'both';
  /** Its whole environment; absent: that of `environment()`. */
  readonly environment?: ReadonlyMap<string, string>;
  /** Ends it; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly output: string;
  /** What it wrote to the stream that was not captured, for messages. */
  readonly discarded: string;
  /** The exit code, or the name of the signal that ended it. */
  readonly exit: number | string;
}

/** Of an engine and the registries behind it. */
export interface EngineFacts {
  /** An image's config; `undefined` where nothing is known (offline): the image then adds nothing to the state. */
  imageConfig(request: ImageRequest): Promise<ImageConfigFact | undefined>;
  /** What a registry serves for a reference. */
  manifest(request: ImageRequest): Promise<ManifestFact | undefined>;
}

export interface ImageRequest {
  /** Normalised: `docker.io/library/alpine:latest`. */
  readonly ref: string;
  /** `os/arch[/variant]`; absent: the engine's default. */
  readonly platform?: string;
}

export interface ImageConfigFact {
  /** Digest of the manifest or index; absent where only the config is known. */
  readonly digest?: string;
  /** The OCI image config, as JSON text. */
  readonly config: string;
}

export interface ManifestFact {
  readonly digest: string;
  /** The platform's image manifest, the registry's bytes as text. */
  readonly manifest: string;
  readonly config: string;
  /** Absent where the reference names a single image. */
  readonly index?: string;
}

/** Of what steps of the build itself give. Live, a step runs for it; an answer here stands for running it. */
export interface StepFacts {
  /** What a frontend makes of its inputs; `undefined` where nothing is known: it gives scratch then. */
  frontend(request: FrontendRequest): Promise<FrontendFact | undefined>;
  /** The digest of what is pushed under a normalised reference. */
  pushDigest(ref: string): Promise<string | undefined>;
  /** The text of a file of an imported module. */
  moduleFile(request: ModuleFileRequest): Promise<string | undefined>;
}

export interface FrontendRequest {
  /** A normalised image reference, or the name of a frontend of the engine's own. */
  readonly source: string;
  /** In order; of equal keys the last counts. */
  readonly opts: readonly { readonly key: string; readonly value: string }[];
  /** Each input by the digest of its definition's last op; empty for scratch. */
  readonly inputs: readonly { readonly key: string; readonly digest: string }[];
}

export interface FrontendFact {
  /** The result as LLB: encoded ops, the terminal one last; empty for scratch. */
  readonly def: readonly Uint8Array[];
  /** The image config that comes with it, as JSON text; empty for none. */
  readonly config: string;
}

export interface ModuleFileRequest {
  /** Its URI, or the digest of the last op of the definition that gives it. */
  readonly module: string;
  /** Relative to the module's directory: `module.hlb`. */
  readonly path: string;
}
