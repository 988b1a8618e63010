import type { APICap } from '@hlb/proto/apicaps';
import { checkArguments, list, OBJECT, TEXT } from '../arguments/forms.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { releaseOf } from './releases.js';

/** What an engine can do, as it says itself. */
export class Capabilities {
  readonly #enabled: ReadonlySet<string>;
  readonly #reasons: ReadonlyMap<string, string>;

  constructor(caps: readonly APICap[], assumed: readonly string[] = []) {
    checkArguments('Capabilities', { caps: [caps, list(OBJECT)], assumed: [assumed, list(TEXT)] });
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
    checkArguments('require', { id: [id, TEXT], feature: [feature, TEXT] });
    if (this.has(id)) return;
    const since = releaseOf(id);
    const reason = this.reason(id);
    const why =
      reason ?? (since === undefined ? `it lacks the capability ${id}` : `it needs BuildKit ${since} or newer`);
    throw new BuildkitError(`${feature} is not supported by this engine: ${why}`, { code: 'UNIMPLEMENTED' });
  }
}

/** What the gateways of engines that say nothing can do (before 0.3). */
export const OLDEST_GATEWAY: readonly string[] = ['solve.base', 'solve.inlinereturn', 'resolveimage', 'readfile'];
