/** An odd but valid program, and what comes of it. */
export interface OddProgram {
  readonly name: string;
  /** May use `base`, an image with a shell. */
  readonly program: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly targets?: readonly string[];
  /** What is in the folder `out` afterwards. */
  readonly out: Readonly<Record<string, string>>;
  /** What it prints. */
  readonly printed?: string;
}
