import type { IrModule } from '../module.js';
import type { OpId } from '../ops.js';

/** An invariant that a module breaks, and where. */
export interface Violation {
  /** `IR` and three digits. */
  readonly code: string;
  /** What is wrong, a sentence without a full stop. */
  readonly message: string;
  /** The op that is wrong; absent where it is no op. */
  readonly op: OpId | undefined;
}

/** Reports a violation of the invariant that is being checked. */
export type Fail = (message: string, op?: OpId) => void;

/** What holds in every module between any two passes. */
export interface Invariant {
  readonly code: string;
  /** A sentence. */
  readonly statement: string;
  /** Looks at modules in which every op has the attributes of its kind. */
  readonly check: (module: IrModule, fail: Fail) => void;
}
