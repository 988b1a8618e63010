import { type IrModule, type OpId, type Origin, opId } from '@hlb/ir';

/** The ops that evaluating a call made, by their places. */
export interface MadeOps {
  readonly from: number;
  readonly to: number;
  /** The call. */
  readonly frame: Origin | undefined;
}

/** Calls that made more ops than these are not told of again where they are shared: that would take as long as evaluating them. */
const opLimit = 32;
/** Nor are more places than these kept of one op. */
const originLimit = 16;
/** A call is not looked for further away than this many calls around an op. */
const depthLimit = 64;

/**
 * Collects the calls that were given what an equal call had made before, so that its ops say where they come from, too: each of
 * their places once more, with the later call in place of the first.
 */
export class SharedOrigins {
  readonly #calls = new Map<MadeOps, (Origin | undefined)[]>();

  /** Notes that a call at `frame` was given these ops. */
  note(made: MadeOps, frame: Origin | undefined): void {
    if (made.to === made.from || made.to - made.from > opLimit || made.frame === undefined) return;
    const calls = this.#calls.get(made);
    if (calls === undefined) this.#calls.set(made, [frame]);
    else if (calls.length < originLimit) calls.push(frame);
  }

  /** The module with the places of all calls. */
  apply(module: IrModule): IrModule {
    if (this.#calls.size === 0) return module;
    const added = new Map<OpId, Origin[]>();
    for (const [made, calls] of this.#calls) {
      for (let place = made.from; place < made.to; place += 1) {
        const id = opId(place);
        const origins = module.ops[id]?.origins ?? [];
        const more = calls.flatMap((call) =>
          origins.slice(0, 1).flatMap((origin) => rebased(origin, made.frame, call)),
        );
        added.set(id, [...(added.get(id) ?? []), ...more]);
      }
    }
    const ops = module.ops.map((op, place) => {
      const more = added.get(opId(place));
      return more === undefined || more.length === 0
        ? op
        : { ...op, origins: [...op.origins, ...more].slice(0, originLimit) };
    });
    return { ...module, ops };
  }
}

/** A place with another call at its outer end; nothing where it does not lie in the first call. */
function rebased(origin: Origin, from: Origin | undefined, to: Origin | undefined): readonly Origin[] {
  const inner: Origin[] = [];
  for (let at: Origin | undefined = origin; at !== from; at = at.caller) {
    if (at === undefined || inner.length === depthLimit) return [];
    inner.push(at);
  }
  let outer = to;
  for (const { span } of inner.reverse()) outer = { span, caller: outer };
  return outer === undefined ? [] : [outer];
}
