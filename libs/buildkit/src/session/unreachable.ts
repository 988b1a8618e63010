/** For the branch of a `switch` that no value takes. @param what names it: `target` */
export function unreachable(value: never, what: string): never {
  throw new Error(`unexpected ${what} ${JSON.stringify(value)}`);
}
