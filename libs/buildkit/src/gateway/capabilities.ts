import type { APICap } from '@hlb/proto/apicaps';
import { BuildkitError } from '../errors/buildkit-error.js';

/** What an engine can do, as it says itself. */
export class Capabilities {
  readonly #enabled: ReadonlySet<string>;
  readonly #reasons: ReadonlyMap<string, string>;

  constructor(caps: readonly APICap[], assumed: readonly string[] = []) {
    this.#enabled = new Set(caps.length === 0 ? assumed : caps.filter((cap) => cap.Enabled).map((cap) => cap.ID));
    this.#reasons = new Map(
      caps.filter((cap) => !cap.Enabled).map((cap) => [cap.ID, cap.DisabledReasonMsg || cap.DisabledReason]),
    );
  }

  /** All that is there. */
  get ids(): ReadonlySet<string> {
    return this.#enabled;
  }

  has(id: string): boolean {
    return this.#enabled.has(id);
  }

  /** Why one that the engine knows is off; `undefined` where it is on, not known, or nothing is said. */
  reason(id: string): string | undefined {
    return this.#reasons.get(id) || undefined;
  }

  /**
   * @param feature what needs it, as the beginning of a sentence
   * @throws BuildkitError `UNIMPLEMENTED`, naming the version of BuildKit that brought it, where that is known
   */
  require(id: string, feature: string): void {
    if (this.has(id)) return;
    const since = SINCE.get(id);
    const reason = this.reason(id);
    const why =
      reason ?? (since === undefined ? `it lacks the capability ${id}` : `it needs BuildKit ${since} or newer`);
    throw new BuildkitError(`${feature} is not supported by this engine: ${why}`, { code: 'UNIMPLEMENTED' });
  }
}

/** What engines that say nothing can do (before 0.3). */
export const OLDEST_GATEWAY: readonly string[] = ['solve.base', 'solve.inlinereturn', 'resolveimage', 'readfile'];

/** The first release of BuildKit with a capability, for those after 0.3. */
const SINCE: ReadonlyMap<string, string> = new Map([
  ['importcaches', '0.4'],
  ['frontend.inputs', '0.7'],
  ['proto.refarray', '0.7'],
  ['reference.output', '0.7'],
  ['gateway.exec', '0.8'],
  ['gateway.solve.evaluate', '0.8'],
  ['gateway.solve.metadata', '0.8'],
  ['frontend.caps', '0.8'],
  ['gateway.warnings', '0.10'],
  ['gateway.exec.extrahosts', '0.10'],
  ['gateway.exec.signals', '0.10'],
  ['mergeop', '0.10'],
  ['diffop', '0.10'],
  ['gateway.evaluate', '0.11'],
  ['reference.attestations', '0.11'],
  ['source.policy', '0.11'],
  ['exporter.image.annotations', '0.11'],
  ['exporter.image.attestations', '0.11'],
  ['exporter.sourcedateepoch', '0.11'],
  ['gateway.exec.secretenv', '0.12'],
  ['source.metaresolver', '0.13'],
  ['exporter.multiple', '0.13'],
  ['exporter.session', '0.21'],
  ['gateway.exec.filesystem', '0.27'],
]);
