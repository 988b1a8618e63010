import { opId } from '../builder.js';
import { OpTable } from '../hash.js';
import type { IrModule } from '../module.js';
import { mapReads } from '../operands.js';
import type { Op, OpId, Text } from '../ops.js';
import { isOpId, isRecord } from '../schema/values.js';
import { printOp } from '../text/print.js';
import { opAt } from '../transform.js';

/**
 * How the meanings of two modules differ, a line each; none where they mean the same. The meaning of a module is what each of its
 * outputs and targets is made of, as a tree: numbers, order and sharing of ops, places and ops that nothing needs don't count.
 * Known parts of texts are joined, locals are the same where the host has the same for them, and how ops are grouped into vertices
 * (`continued`, `keeps`) doesn't count.
 */
export function compareMeaning(before: IrModule, after: IrModule): readonly string[] {
  const trees = new Trees();
  const [old, now] = [trees.meaningOf(before), trees.meaningOf(after)];
  const differences: string[] = [];
  const rows = Math.max(old.outputs.length, now.outputs.length);
  for (let row = 0; row < rows; row++) {
    const [was, is] = [old.outputs[row], now.outputs[row]];
    if (was?.key === is?.key) continue;
    differences.push(`output ${row} was ${was?.shown ?? 'none'} and is ${is?.shown ?? 'none'}`);
  }
  if (old.targets !== now.targets) differences.push(`the targets were ${old.targets} and are ${now.targets}`);
  return differences;
}

interface Meaning {
  readonly outputs: readonly { readonly key: string; readonly shown: string }[];
  readonly targets: string;
}

/** Numbers for trees of ops: equal trees of any two modules have one number. */
class Trees {
  readonly #table = new OpTable();
  #count = 0;

  meaningOf(module: IrModule): Meaning {
    // For each op its tree, or the text that it is known to give.
    const trees: (OpId | string)[] = [];
    const treeOf = (id: OpId): OpId => {
      const tree = trees[id];
      return typeof tree === 'number' ? tree : this.#intern({ kind: 'scratch', origins: [] });
    };
    const textOf = (text: Text): Text =>
      typeof text.text === 'string' ? { text: text.text } : { text: trees[text.text] ?? '' };
    for (const op of module.ops) {
      const reads = mapReads(plain(op), { value: treeOf, text: textOf });
      trees.push(reads.kind === 'concat' ? this.#joined(reads.parts) : this.#intern(reads));
    }
    const outputs = module.outputs.map(({ op, stage }) => ({
      key: `${treeOf(op)} ${stage.join(' ')}`,
      shown: printOp(opAt(module, op)),
    }));
    const targets = JSON.stringify(module.targets, (_key, value: unknown) => {
      if (!isRecord(value) || !isOpId(value.value)) return value;
      const tree = trees[value.value];
      return { ...value, value: typeof tree === 'string' ? tree : { tree } };
    });
    return { outputs, targets };
  }

  #intern(op: Op): OpId {
    return this.#table.intern(op, opId(this.#count++));
  }

  /** Texts joined: a known text, another op's, or the tree of what is left with neighbouring known parts as one. */
  #joined(parts: readonly Text[]): OpId | string {
    const joined: (OpId | string)[] = [];
    for (const { text } of parts) {
      const last = joined.at(-1);
      if (typeof text === 'string' && typeof last === 'string') joined[joined.length - 1] = last + text;
      else if (text !== '') joined.push(text);
    }
    const [first = ''] = joined;
    if (joined.length <= 1) return first;
    return this.#intern({ kind: 'concat', parts: joined.map((text) => ({ text })), origins: [] });
  }
}

/** The op as far as it counts for the meaning. */
function plain(op: Op): Op {
  switch (op.kind) {
    case 'local':
      return op.resolved === undefined ? op : { ...op, path: { text: op.resolved.realPath }, base: '.' };
    case 'copy':
    case 'mkdir':
    case 'mkfile':
    case 'rm':
      return op.continued ? { ...op, continued: false } : op;
    case 'run':
      return {
        ...op,
        keeps: [],
        options: op.options.map((option) => (option.kind === 'mount' ? { ...option, named: false } : option)),
      };
    default:
      return op;
  }
}
