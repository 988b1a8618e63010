import { type Definition, decodeOp, isDigest } from '@hlb/llb';
import type { StepId } from '@hlb/plan';

/** An op of a definition that was solved, as its message. */
export type SolvedOp = ReturnType<typeof decodeOp>;

/** What the steps of a build solved: to find the op that an event or an error names. */
export class SolvedGraph {
  readonly #definitions: { readonly step: StepId; readonly definition: Definition }[] = [];

  /** Takes in what a step solves: for `onDefinition` of `execute`. */
  add(step: StepId, definition: Definition): void {
    this.#definitions.push({ step, definition });
  }

  /** All that was added, in its order. */
  get definitions(): readonly { readonly step: StepId; readonly definition: Definition }[] {
    return this.#definitions;
  }

  /** The op of this digest; `undefined` where no definition has it, as for what frontends solve themselves. */
  op(digest: string): SolvedOp | undefined {
    if (!isDigest(digest)) return undefined;
    for (const { definition } of this.#definitions) {
      const bytes = definition.def[definition.digests.indexOf(digest)];
      if (bytes !== undefined) return decodeOp(bytes);
    }
    return undefined;
  }
}
