import type { Op, Origin } from '@hlb/ir';
import { digestOf, type ProgressGroup } from '@hlb/llb';

/**
 * In larger modules ops have no groups: a few dozen bytes an op would be megabytes of a message whose size engines limit, and nobody
 * reads so many steps one by one.
 */
const mostOps = 10_000;
/** Hexadecimal digits of a group's id: enough that no two calls of a build share one. */
const idLength = 16;

const encoder = new TextEncoder();

/**
 * The groups in which steps are shown: what one call of a function made. What a target does itself, and what no call made, stands
 * alone. Not part of any digest.
 */
export class ProgressGroups {
  readonly #groups = new Map<Origin, ProgressGroup>();
  readonly #enabled: boolean;

  /** Of a module of this many ops. */
  constructor(ops: number) {
    this.#enabled = ops <= mostOps;
  }

  /** The group of the innermost call around an op; of a shared op its first evaluation counts. */
  of(op: Op): ProgressGroup | undefined {
    const call = op.origins[0]?.caller;
    return call === undefined || !this.#enabled ? undefined : this.#group(call);
  }

  #group(call: Origin): ProgressGroup {
    // Outermost first, since an id is made of the caller's.
    const open: Origin[] = [];
    for (let at: Origin | undefined = call; at !== undefined && !this.#groups.has(at); at = at.caller) open.push(at);
    for (const each of open.reverse()) this.#groups.set(each, groupOf(each, this.#known(each.caller)?.id ?? ''));
    return this.#known(call) ?? groupOf(call, '');
  }

  #known(call: Origin | undefined): ProgressGroup | undefined {
    return call === undefined ? undefined : this.#groups.get(call);
  }
}

function groupOf({ span }: Origin, caller: string): ProgressGroup {
  const { file, start, end } = span;
  const { line, column } = file.position(start);
  const id = digestOf(encoder.encode(`${caller} ${file.name}:${line}:${column}`)).slice('sha256:'.length);
  return {
    id: id.slice(0, idLength),
    name: `${file.text.slice(start, end)} (${file.name.slice(file.name.lastIndexOf('/') + 1)}:${line})`,
  };
}
