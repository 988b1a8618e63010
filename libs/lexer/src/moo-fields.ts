import 'moo';

/** Plain fields of moo's lexers that its types leave out. */
declare module 'moo' {
  interface Lexer {
    /** Where the next token starts: an offset into the buffer. May be set. */
    index: number;
    /** The name of the current state; changed by `setState`, `pushState` and `popState`. */
    readonly state: string;
  }
}
