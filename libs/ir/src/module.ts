import type { SourceFile } from '@hlb/diagnostics';
import type { Op, OpId } from './ops.js';

/** A build: ops, each after its operands, and what is wanted of them. */
export interface IrModule {
  readonly ops: readonly Op[];
  /** Every evaluated output, in the order of evaluation; no pass drops or reorders them. */
  readonly outputs: readonly ModuleOutput[];
  readonly targets: readonly Target[];
  /** The files that origins point into, in the order of first use. */
  readonly files: readonly SourceFile[];
}

export interface ModuleOutput {
  readonly op: OpId;
  /**
   * The stage that it belongs to: places in the tree of requests from the root (`[target, stage, …]`). Outputs and solves of a
   * stage wait for the stages before it in a sequence.
   */
  readonly stage: readonly number[];
}

/** What a target asks for. */
export interface Target {
  readonly name: string;
  readonly request: Request;
}

export type Request =
  | { readonly kind: 'nothing' }
  /** A file system to be solved. */
  | { readonly kind: 'solve'; readonly value: OpId }
  /** A text that is printed when the build is done. */
  | { readonly kind: 'text'; readonly value: string | OpId }
  | { readonly kind: 'parallel'; readonly requests: readonly Request[] }
  | { readonly kind: 'sequential'; readonly requests: readonly Request[] };
