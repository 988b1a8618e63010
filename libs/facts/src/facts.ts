/**
 * Everything that a compile must learn from outside, behind one port. Answers are remembered by the port: asking twice is free.
 * Every method may reject with an `Error` whose message is a sentence for the user.
 */
export interface Facts extends HostFacts, EngineFacts {}

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
  /** The regular files below a directory, relative paths with `/`, sorted. */
  files(directory: string): Promise<readonly string[]>;
  /** Runs a command on the host and gives what it wrote. */
  command(request: CommandRequest): Promise<CommandResult>;
}

export interface PathFact {
  readonly kind: 'directory' | 'file' | 'socket' | 'other' | 'missing' | 'unreadable';
  /** With all links followed; the path itself where nothing is there. */
  readonly realPath: string;
}

export interface CommandRequest {
  readonly args: readonly string[];
  /** Absolute directory in which it runs. */
  readonly cwd: string;
  /** How its two streams are captured. */
  readonly capture: 'stdout' | 'stderr' | 'both';
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
