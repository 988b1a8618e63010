import type { ImageConfigFact, ManifestFact, PathFact } from '@hlb/facts';
import type { LocalOp, OpId } from '@hlb/ir';

/** What lowering has to know from outside, all of it asked before. */
export interface LoweringAnswers {
  /** The current directory, absolute. */
  readonly cwd: string;
  readonly home: string;
  /** What stands at an absolute path of the host: of secrets and of the directories of sockets. */
  readonly path: (path: string) => PathFact | undefined;
  /** The regular files below an absolute path, relative. */
  readonly files: (directory: string) => readonly string[] | undefined;
  /** The config of an image; `undefined` where nothing is known of it. */
  readonly imageConfig: (ref: string, platform: string) => ImageConfigFact | undefined;
  /** Images whose config is wanted, and can only be asked for once their name is known. */
  readonly lateConfigs: ReadonlySet<OpId>;
  readonly manifest: (ref: string, platform: string) => ManifestFact | undefined;
  /** Lines of known_hosts files about a host of git, `example.com[:PORT]`. */
  readonly knownHosts: (host: string) => readonly string[];
  /** The reference's id of a local, for LLB in its form. */
  readonly localId: (op: LocalOp) => string | undefined;
}
