/** A page of the documentation, as `build-help.js` takes it apart. */
export interface HelpPage {
  readonly name: string;
  readonly group: 'topic' | 'builtin' | 'diagnostic';
  readonly title: string;
  readonly blocks: readonly HelpBlock[];
}

/** In texts, code stands between backticks. */
export type HelpBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** `depth`: 0 in an outermost list. */
  | { readonly kind: 'item'; readonly depth: number; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };
