import type { ModuleOutput, OpId } from '@hlb/ir';

/** The outputs of a build by their stages: those of a stage itself, and those of its parts. */
export class StageOutputs {
  readonly own: OpId[] = [];
  readonly #parts = new Map<number, StageOutputs>();

  /** A part of the stage; one without outputs where there are none. */
  part(index: number): StageOutputs {
    return this.#parts.get(index) ?? none;
  }

  /** Adds an output at a place below this one. */
  add(op: OpId, place: readonly number[]): void {
    let at: StageOutputs = this;
    for (const index of place) {
      let part = at.#parts.get(index);
      if (part === undefined) {
        part = new StageOutputs();
        at.#parts.set(index, part);
      }
      at = part;
    }
    at.own.push(op);
  }

  /** All outputs of the stage and its parts, in order of evaluation. */
  all(): readonly OpId[] {
    return this.outside(0);
  }

  /** The outputs of the stage that belong to none of its first parts. */
  outside(parts: number): readonly OpId[] {
    const found = [...this.own];
    const open = [...this.#parts].flatMap(([index, part]) => (index < parts ? [] : [part]));
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      found.push(...next.own);
      open.push(...next.#parts.values());
    }
    return found.sort((a, b) => a - b);
  }
}

const none = new StageOutputs();

export function stageOutputs(outputs: readonly ModuleOutput[]): StageOutputs {
  const root = new StageOutputs();
  for (const { op, stage } of outputs) root.add(op, stage);
  return root;
}
