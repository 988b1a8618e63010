import type { Diagnostic } from '@hlb/diagnostics';
import type { Facts, ImageConfigFact, ImageRequest, ManifestFact, PathFact } from '@hlb/facts';
import {
  type GitOp,
  type ImageOp,
  type IrModule,
  type LocalOp,
  type Op,
  type OpId,
  opId,
  type RunOp,
  type Text,
} from '@hlb/ir';
import type { Level } from '../elaborate/evaluation.js';
import type { LoweringAnswers } from '../lower/answers.js';
import { baseImage } from '../lower/plan/compression.js';
import { BadValue, placed } from '../lower/problem.js';
import { imageReference, sshHost } from '../lower/values.js';
import { imagesWithSettings } from './images-with-settings.js';
import { otherPlatform } from './other-platform.js';
import { type ServicePath, servicePaths } from './service-paths.js';
import { unknownHost } from './unknown-host.js';

export interface AskLoweringOptions {
  readonly facts: Facts;
  readonly level: Level;
  /** The default platform. */
  readonly platform: string;
  /** What is made is built, not looked at: hosts of git must be known. */
  readonly builds: boolean;
  /** The reference's id of a local, where LLB is wanted in its form. */
  readonly localId?: (op: LocalOp, facts: Facts) => Promise<string>;
}

/**
 * Asks all that lowering must know: paths of secrets and sockets of the host, configs of images, manifests of images whose layers
 * are written anew. Everything is asked at once, each thing once.
 */
export async function askLowering(
  module: IrModule,
  options: AskLoweringOptions,
): Promise<{ readonly answers: LoweringAnswers; readonly diagnostics: readonly Diagnostic[] }> {
  const { facts } = options;
  const [cwd, home] = await Promise.all([facts.cwd(), facts.home()]);
  const asking = new LoweringAsking(options, cwd, home);
  const wanted = options.level === 'O0' ? undefined : imagesWithSettings(module);
  const own = `linux/${await facts.arch()}`;
  module.ops.forEach((op, index) => {
    if (op.kind === 'run') asking.run(op);
    else if (op.kind === 'image') asking.image(op, opId(index), wanted === undefined || wanted.has(index), own);
    else if (op.kind === 'docker-push' && op.stargz) asking.stargz(module, op.input);
    else if (op.kind === 'local') asking.local(op);
    else if (op.kind === 'git' && options.level !== 'O0') asking.git(op);
  });
  return asking.finish();
}

class LoweringAsking {
  readonly #options: AskLoweringOptions;
  readonly #cwd: string;
  readonly #home: string;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #waiting: Promise<void>[] = [];
  readonly #asked = new Set<string>();
  /** References in full, by what is written: programs name few images, and many times. */
  readonly #references = new Map<string, string>();
  readonly #paths = new Map<string, PathFact>();
  readonly #files = new Map<string, readonly string[]>();
  readonly #configs = new Map<string, ImageConfigFact>();
  readonly #lateConfigs = new Set<OpId>();
  readonly #manifests = new Map<string, ManifestFact>();
  readonly #knownHosts = new Map<string, readonly string[]>();
  readonly #localIds = new Map<LocalOp, string>();

  constructor(options: AskLoweringOptions, cwd: string, home: string) {
    this.#options = options;
    this.#cwd = cwd;
    this.#home = home;
  }

  run(op: RunOp): void {
    const textOf = ({ text }: Text): string | undefined => (typeof text === 'string' ? text : undefined);
    for (const found of servicePaths(op, textOf, { cwd: this.#cwd, home: this.#home })) this.#askPath(op, found);
  }

  /**
   * @param wanted its settings matter
   * @param own the platform of this host: of another's, images are looked at all the same, as they may not have it
   */
  image(op: ImageOp, id: OpId, wanted: boolean, own: string): void {
    const request = this.#request(op);
    if (!wanted && (request === undefined || request.platform === own)) return;
    if (request === undefined) {
      this.#lateConfigs.add(id);
      return;
    }
    const { facts } = this.#options;
    this.#ask(`config ${request.ref} ${request.platform}`, 'HLB0521', op, op.ref, async () => {
      const fact = await facts.imageConfig(request);
      if (fact === undefined) return;
      this.#configs.set(`${request.ref} ${request.platform}`, fact);
      const other = otherPlatform(fact.config, request.platform);
      if (other !== undefined) this.#warnOfPlatform(op, request, other);
    });
  }

  #warnOfPlatform(op: ImageOp, { ref, platform }: Required<ImageRequest>, other: string): void {
    const [os, arch] = other.split('/');
    const bad = new BadValue('HLB0535', {
      message: `${ref} is for ${other}, not for ${platform}`,
      label: `there is nothing of it for ${platform}`,
      helps: [`Take an image that has ${platform}; or, where this one is meant, add platform "${os}" "${arch}" to it.`],
      severity: 'warning',
    });
    this.#diagnostics.push(placed(op, bad, op.ref));
  }

  stargz(module: IrModule, input: OpId): void {
    const image = baseImage(module, input);
    const request = image === undefined ? undefined : this.#request(image);
    if (image === undefined || request === undefined) return;
    const { facts } = this.#options;
    this.#ask(`manifest ${request.ref} ${request.platform}`, 'HLB0521', image, image.ref, async () => {
      const manifest = await facts.manifest(request);
      if (manifest !== undefined) this.#manifests.set(`${request.ref} ${request.platform}`, manifest);
    });
  }

  local(op: LocalOp): void {
    const { localId, facts } = this.#options;
    // What is only known later has no id before.
    if (localId === undefined || op.resolved === undefined) return;
    this.#ask(`local ${this.#asked.size}`, 'HLB0515', op, op.path, async () => {
      this.#localIds.set(op, await localId(op, facts));
    });
  }

  git(op: GitOp): void {
    const host = typeof op.remote.text === 'string' ? sshHost(op.remote.text) : undefined;
    if (host === undefined) return;
    const { facts, builds } = this.#options;
    this.#ask(`known host ${host}`, 'HLB0532', op, op.remote, async () => {
      const lines = await facts.knownHosts(host);
      this.#knownHosts.set(host, lines);
      if (lines.length > 0) return;
      this.#diagnostics.push(placed(op, unknownHost(host, builds ? 'error' : 'warning'), op.remote));
    });
  }

  async finish(): Promise<{ readonly answers: LoweringAnswers; readonly diagnostics: readonly Diagnostic[] }> {
    // Asking one thing may ask another: the files of a directory, once it is known to be one.
    for (let done = 0; done < this.#waiting.length; ) {
      const now = this.#waiting.slice(done);
      done = this.#waiting.length;
      await Promise.all(now);
    }
    const answers: LoweringAnswers = {
      cwd: this.#cwd,
      home: this.#home,
      path: (path) => this.#paths.get(path),
      files: (directory) => this.#files.get(directory),
      imageConfig: (ref, platform) => this.#configs.get(`${ref} ${platform}`),
      lateConfigs: this.#lateConfigs,
      manifest: (ref, platform) => this.#manifests.get(`${ref} ${platform}`),
      knownHosts: (host) => this.#knownHosts.get(host) ?? [],
      localId: (op) => this.#localIds.get(op),
    };
    return { answers, diagnostics: this.#diagnostics };
  }

  /** Starts a question that was not asked yet. Two ops with one question have one answer, and one complaint. */
  #ask(
    key: string,
    code: 'HLB0515' | 'HLB0521' | 'HLB0532',
    op: Op,
    text: Text | undefined,
    question: () => Promise<void>,
  ): void {
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const asked = question().catch((error: unknown) => {
      if (!(error instanceof Error)) throw error;
      this.#diagnostics.push(placed(op, new BadValue(code, { message: error.message }), text));
    });
    this.#waiting.push(asked);
  }

  #request(op: ImageOp): Required<ImageRequest> | undefined {
    if (typeof op.ref.text !== 'string') return undefined;
    const { platform } = op;
    if (platform === undefined) return { ref: this.#reference(op.ref.text), platform: this.#options.platform };
    const { os, arch } = platform;
    if (typeof os.text !== 'string' || typeof arch.text !== 'string') return undefined;
    return { ref: this.#reference(op.ref.text), platform: `${os.text}/${arch.text}` };
  }

  #reference(text: string): string {
    let ref = this.#references.get(text);
    if (ref === undefined) {
      ref = imageReference(text);
      this.#references.set(text, ref);
    }
    return ref;
  }

  #askPath(op: RunOp, { text, path, withFiles }: ServicePath): void {
    const { facts } = this.#options;
    this.#ask(`path ${path}`, 'HLB0532', op, text, async () => {
      const fact = await facts.path(path);
      this.#paths.set(path, fact);
      if (withFiles && fact.kind === 'directory') this.#files.set(fact.realPath, await facts.files(fact.realPath));
    });
  }
}
