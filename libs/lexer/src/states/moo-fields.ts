import 'moo';

/** What moo compiles rules to: plain fields of its lexers that its types leave out. */
declare module 'moo' {
  interface Lexer {
    /** The compiled states by name. */
    readonly states: Readonly<Record<string, CompiledState>>;
    /** The name of the first state. */
    readonly startState: string;
  }

  interface CompiledState {
    /** Sticky; each of `groups` is a capture of it, the first that is defined has matched. */
    readonly regexp: RegExp;
    readonly groups: readonly CompiledRule[];
    /** Rules of one character, by its code; they come before the pattern. */
    readonly fast: Readonly<Record<string, CompiledRule>>;
  }

  interface CompiledRule {
    /** The rule's name. */
    readonly defaultType: string;
    /** The state that is entered behind it. */
    readonly push: string | null;
    /** Whether the state is left behind it. */
    readonly pop: number | boolean;
  }
}
