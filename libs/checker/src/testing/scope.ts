/** A function of a program that is being written. */
export interface Written {
  readonly name: string;
  readonly kind: WrittenKind;
  readonly params: readonly WrittenParam[];
  /** Of an `fs`: whether it holds a shell, so that commands can run on it. */
  readonly runnable: boolean;
  /** It has no source of its own and is for use as a statement. */
  readonly extending: boolean;
}

export type WrittenKind = 'fs' | 'string' | 'int' | 'option::run' | 'option::copy' | 'option::mount' | 'pipeline';

/** A name that a bind gave. */
export interface BoundName {
  readonly name: string;
  readonly kind: 'fs' | 'string';
}

export interface WrittenParam {
  readonly name: string;
  readonly type: 'fs' | 'string' | 'int' | 'option::run';
  readonly variadic: boolean;
}

/** What a piece of a program may use where it stands. */
export interface WritingScope {
  /** Functions, and names that binds gave, that are written by now. */
  readonly known: readonly Written[];
  readonly params: readonly WrittenParam[];
  /** Whether the block around has a shell. */
  readonly runnable: boolean;
  /** Whether the block goes on from a file system that its caller has, and must not start anew. */
  readonly extending: boolean;
  /** Whether a name may be bound here: not inside of another expression. */
  readonly bindable: boolean;
  /** Names that are bound in the function that is written. */
  readonly bound: BoundName[];
  /** Gives a word that no other place of the program has. */
  readonly fresh: (prefix: string) => string;
}

/** A piece of a program, written once it is known where it stands. */
export type Piece = (scope: WritingScope) => string;

/** One of a list by any number; nothing of an empty list. */
export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

/** Inside of an expression, where no name can be bound. */
export function inner(scope: WritingScope, runnable: boolean = scope.runnable): WritingScope {
  return { ...scope, runnable, extending: false, bindable: false };
}
