import type * as pb from '@hlb/proto/llb';
import { checkList } from '../../graph/check-form.js';
import { emptyInput, InputList } from '../../graph/input-list.js';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { OpOptions } from '../../graph/op-options.js';
import { opVertex } from '../../graph/op-vertex.js';
import type { Immutable, Output } from '../../graph/vertex.js';
import { type FileAction, type FileChain, fileActionCaps, fileActionMessage } from './file-actions.js';

export interface FileOptions extends FileChain, OpOptions {}

/**
 * Changes files. All actions are one op, whose result is that of the last.
 *
 * @throws {InvalidOpError} without an action
 */
export function file(options: FileOptions): Output {
  const op = new FileOpBuilder();
  op.addChain(options);
  const inputs = op.inputs.outputs;
  const body = { $case: 'file' as const, value: { actions: op.messages() } };
  const more = copies(options) ? { traversal: traversal(options) } : {};
  return { vertex: opVertex('file', body, options, op.caps, inputs, more), index: 0 };
}

/** An input's number as a bigint, or as a number the place of an action whose result is the input. */
type InputRef = bigint | number;

interface PlacedAction {
  readonly action: FileAction;
  readonly input: InputRef;
  readonly secondary: InputRef;
  readonly base: bigint;
  readonly dir: string;
}

const baseCaps: readonly string[] = ['file.base'];

class FileOpBuilder {
  readonly inputs = new InputList();
  caps: readonly string[] = baseCaps;
  readonly #placed: PlacedAction[] = [];
  /** Chains that actions copy from, by the place of their last action. */
  #chains: Map<FileChain, number> | undefined;

  /** Adds the actions of a chain, with those that they copy from before them, and gives the place of the last. */
  addChain(chain: FileChain): number {
    checkList(chain.actions, 'the actions of a file op');
    let last: number | undefined;
    for (const action of chain.actions) {
      const base = this.inputs.add(chain.base);
      const input = last ?? base;
      const secondary = this.#secondary(action);
      const more = fileActionCaps(action);
      if (more.some((cap) => !this.caps.includes(cap))) this.caps = [...this.caps, ...more];
      last = this.#placed.push({ action, input, secondary, base, dir: action.dir ?? chain.dir ?? '/' }) - 1;
    }
    if (last === undefined) {
      throw new InvalidOpError('a file op needs an action');
    }
    return last;
  }

  messages(): Immutable<pb.FileAction[]> {
    const count = this.inputs.outputs.length;
    const number = (ref: InputRef): bigint => (typeof ref === 'bigint' ? ref : BigInt(count + ref));
    return this.#placed.map(({ action, input, secondary, base, dir }, place) => ({
      input: number(input),
      secondaryInput: number(secondary),
      output: place === this.#placed.length - 1 ? 0n : -1n,
      action: fileActionMessage(action, dir, base),
    }));
  }

  #secondary(action: FileAction): InputRef {
    if (action.kind !== 'copy') {
      return emptyInput;
    }
    const { from } = action;
    if (from === undefined || !('actions' in from)) {
      return this.inputs.add(from);
    }
    this.#chains ??= new Map();
    const last = this.#chains.get(from) ?? this.addChain(from);
    this.#chains.set(from, last);
    return last;
  }
}

/** Whether the chain copies from something: what does not has its base as its only input. */
function copies({ actions }: FileChain): boolean {
  return actions.some((action) => action.kind === 'copy' && action.from !== undefined);
}

/** What a definition lists first: the base, then what is copied, from the last action to the first. */
function traversal(chain: FileChain): readonly Output[] {
  const found = new InputList();
  visit(chain, found);
  return found.outputs;
}

function visit(chain: FileChain, found: InputList): void {
  found.add(chain.base);
  for (const action of chain.actions.toReversed()) {
    if (action.kind === 'copy' && action.from !== undefined) {
      if ('actions' in action.from) {
        visit(action.from, found);
      } else {
        found.add(action.from);
      }
    }
  }
}
