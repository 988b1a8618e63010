/** A broken promise of this project's own code: never the user's fault, printed with how to report it. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** Ends a `switch` over a union: reached only when a case was forgotten. */
export function unreachable(value: never): never {
  throw new InternalError(`unreachable: ${JSON.stringify(value)}`);
}
