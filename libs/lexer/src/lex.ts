import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { type ForcedEnds, Lexing, MAX_DIAGNOSTICS, type Pass } from './lexing.js';
import { compileStates, type State } from './states/compiled-states.js';
import type { TokenList } from './tokens/token-list.js';
import { type Guess, guesses, lastResort, outermostLiteral, suspicion } from './unclosed.js';

export interface LexResult {
  readonly tokens: TokenList;
  /** In order of place; one a mistake, at most `MAX_DIAGNOSTICS`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** How many literals that a file does not close are looked for. Each costs some passes over the file. */
const MAX_UNCLOSED = 4;

/** Compiling the states takes longer than lexing a small file. */
let shared: State | undefined;

/** Turns a text into tokens. Never throws: input that no rule takes becomes `bad` tokens, with a diagnostic each. */
export function lex(file: SourceFile): LexResult {
  shared ??= compileStates();
  const first = shared;
  const { last, unclosed } = closeAll(file, (ends) => new Lexing(file, first, ends).run());
  const diagnostics = [...last.diagnostics, ...unclosed].sort(byPlace).slice(0, MAX_DIAGNOSTICS);
  return { tokens: last.tokens.finish(), diagnostics };
}

/**
 * Reads a file until no literal is open at its end. What opens a literal and doesn't close it was rarely meant to reach that far, so
 * it is ended where it most likely should have, and the file is read anew.
 */
function closeAll(file: SourceFile, pass: (ends: ForcedEnds) => Pass): { last: Pass; unclosed: Diagnostic[] } {
  const ends = new Map<number, number>();
  const unclosed: Diagnostic[] = [];
  let last = pass(ends);
  for (let literal = outermostLiteral(last); literal !== undefined; literal = outermostLiteral(last)) {
    const tried = ends.size < MAX_UNCLOSED ? guesses(file, last, literal, ends) : lastResort(file, last, literal);
    const { guess, result } = best(file, tried, (found) => pass(new Map(ends).set(found.opener, found.stop)));
    ends.set(guess.opener, guess.stop);
    // A mistake before it on its line, such as a path without its first quote, is the same mistake.
    if (!last.diagnostics.some((d) => onSameLine(file, d, guess.opener))) unclosed.push(guess.diagnostic);
    last = result;
  }
  return { last, unclosed };
}

/** The guess that makes most sense of the file; of equals the first. */
function best(
  file: SourceFile,
  tried: readonly [Guess, ...Guess[]],
  pass: (guess: Guess) => Pass,
): { guess: Guess; result: Pass } {
  let found = { guess: tried[0], result: pass(tried[0]) };
  if (tried.length === 1) return found;
  let least = suspicion(file, found.result);
  for (const guess of tried.slice(1)) {
    const result = pass(guess);
    const amount = suspicion(file, result);
    if (amount < least) [found, least] = [{ guess, result }, amount];
  }
  return found;
}

/** Whether a diagnostic's place is before an offset, on the same line. */
function onSameLine(file: SourceFile, found: Diagnostic, offset: number): boolean {
  const at = found.labels[0]?.span.start ?? 0;
  return at < offset && file.position(at).line === file.position(offset).line;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.labels[0]?.span.start ?? 0) - (b.labels[0]?.span.start ?? 0);
}
