/** A generated file of the documentation. */
export interface Page {
  /** Relative to its folder. */
  readonly path: string;
  readonly text: string;
}
