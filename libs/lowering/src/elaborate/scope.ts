import type { CheckedModule } from '@hlb/checker';
import type { SourceFile, Span } from '@hlb/diagnostics';
import type { OpId, Origin } from '@hlb/ir';
import type { BindClause, NodeRange } from '@hlb/parser';
import type { Value } from './values.js';

/** A checked module with what its imports stand for, ready to be run. */
export interface ModuleInstance {
  readonly checked: CheckedModule;
  /** Where its relative paths lead: relative to the current directory, or absolute; `.` for the current directory. */
  readonly directory: string;
  /** By the import's name in this module; only the imports that were loaded. */
  readonly imports: ReadonlyMap<string, ModuleInstance>;
  /** It comes from elsewhere: files of this host are not beside it. */
  readonly remote?: boolean;
  /** What it was taken from, where it comes from elsewhere, uses that, and it is known. */
  readonly files?: ModuleFiles;
}

/** A file system that a module was taken from: its locals are there. */
export interface ModuleFiles {
  /** Encoded ops, the terminal one last. */
  readonly def: readonly Uint8Array[];
  /** The module's directory in it, absolute. */
  readonly directory: string;
}

/** What a name bound by `as` asks for while the function around the bind is evaluated. */
export interface Binding {
  readonly clause: BindClause;
  /** `target`, `digest`, … */
  readonly effect: string;
  /** What the bound call gave, where a block of another kind could not take it (a digest in an `fs` block). */
  result: Value | undefined;
}

/**
 * How locals come in. While a bound mount is evaluated, the reference copies every local of an argument into an empty file system
 * first (`copied`), and none of a statement (`in-arguments`).
 */
export type LocalUse = 'plain' | 'in-arguments' | 'copied';

/** What an expression sees while it is evaluated. */
export interface Scope {
  readonly instance: ModuleInstance;
  /** Values of the function's parameters, by place; `undefined` where nothing reads one. */
  readonly args: readonly (Value | undefined)[];
  /** The call that is being evaluated, and the calls around it. */
  readonly frame: Origin | undefined;
  readonly binding: Binding | undefined;
  /** Pushes of the function's body that names are bound to; filled while it is evaluated. */
  readonly pushes: Map<BindClause, OpId>;
  readonly locals: LocalUse;
}

export function spanOf(scope: Scope, node: NodeRange): Span {
  return { file: scope.instance.checked.file, start: node.start, end: node.end };
}

/** The place of a call with the calls around it. Each op holds one, so it keeps the numbers of its span and not another object. */
export class CallOrigin implements Origin {
  readonly caller: Origin | undefined;
  readonly #file: SourceFile;
  readonly #start: number;
  readonly #end: number;

  constructor(scope: Scope, { start, end }: NodeRange) {
    this.caller = scope.frame;
    this.#file = scope.instance.checked.file;
    this.#start = start;
    this.#end = end;
  }

  get span(): Span {
    return { file: this.#file, start: this.#start, end: this.#end };
  }
}

/** The calls around a place, outermost first, as a diagnostic's frames. */
export function framesOf(frame: Origin | undefined): readonly Span[] {
  const frames: Span[] = [];
  for (let at = frame; at !== undefined; at = at.caller) frames.push(at.span);
  return frames.reverse();
}
