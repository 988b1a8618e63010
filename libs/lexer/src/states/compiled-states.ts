import { InternalError } from '@hlb/diagnostics';
import type moo from 'moo';
import { TokenKind } from '../tokens/token-kind.js';
import { hlbStates } from './hlb-states.js';
import './moo-fields.js';

/** A state of the lexer as moo compiled it, with kinds of tokens in place of names. */
export interface State {
  readonly name: string;
  /** Whether it is one of those for what stands between braces or outside of all: then blanks are passed over. */
  readonly isCode: boolean;
  /** By code, what a character is that makes a token by itself; it comes before `pattern`. */
  readonly single: readonly (Rule | undefined)[];
  /** Sticky; of its captures the first that is defined says which of `rules` has matched. */
  readonly pattern: RegExp;
  readonly rules: readonly Rule[];
}

/** What one rule of a state makes of the text that it matches. */
export interface Rule {
  readonly name: string;
  /** `bad` where the name says what is wrong. */
  readonly kind: TokenKind;
  /** The state that is entered behind it. */
  readonly push: State | undefined;
  /** Whether the state is left behind it. */
  readonly pop: boolean;
}

/** moo's rules are named for the kinds of tokens that they give; these are the exceptions. What is in neither is bad. */
const kindOfRule: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...Object.entries(TokenKind),
  ['lone', TokenKind.text],
  ['heredocEscape', TokenKind.text],
]);

/**
 * The first state. moo's `next` makes an object of eight fields for each token and counts lines; where there are millions of tokens
 * that is most of what lexing takes. So `Lexing` goes through the compiled states by itself.
 */
export function compileStates(): State {
  const { states, startState } = hlbStates();
  const made = new Map<string, State>();
  const stateOf = (name: string): State => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const compiled = states[name];
    if (compiled === undefined) throw new InternalError(`the lexer has no state ${name}`);
    const single: (Rule | undefined)[] = new Array<Rule | undefined>(SINGLES).fill(undefined);
    const rules: Rule[] = [];
    const state: State = { name, isCode: codeStates.has(name), single, pattern: compiled.regexp, rules };
    made.set(name, state);
    const ruleOf = ({ defaultType, push, pop }: moo.CompiledRule): Rule => ({
      name: defaultType,
      kind: kindOfRule.get(defaultType) ?? TokenKind.bad,
      push: push === null ? undefined : stateOf(push),
      pop: Boolean(pop),
    });
    for (const [code, rule] of Object.entries(compiled.fast)) single[Number(code)] = ruleOf(rule);
    for (const rule of compiled.groups) rules.push(ruleOf(rule));
    return state;
  };
  return stateOf(startState);
}

const codeStates: ReadonlySet<string> = new Set(['root', 'block', 'interpolation']);

/** Characters that are tokens by themselves are ASCII. */
const SINGLES = 128;
