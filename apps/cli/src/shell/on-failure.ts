import { usageError } from '../command-error.js';
import type { Io } from '../process/io.js';

/** What `--on-failure` asks for. */
export interface OnFailure {
  readonly kind: 'shell';
  /** The words after `shell:`. */
  readonly command: readonly string[] | undefined;
}

/**
 * Reads `shell` or `shell:COMMAND`, whose words blanks separate.
 * @returns `undefined` for anything else
 */
export function readOnFailure(text: string): OnFailure | undefined {
  if (text === 'shell') return { kind: 'shell', command: undefined };
  const words = text.startsWith('shell:')
    ? text
        .slice('shell:'.length)
        .split(' ')
        .filter((word) => word !== '')
    : [];
  return words.length === 0 ? undefined : { kind: 'shell', command: words };
}

/** @throws CommandError where there is no terminal on which a shell could be used */
export function requireTerminal({ stdin, stderr }: Io): void {
  const missing = [
    ...(stdin.isTTY === true ? [] : ['standard input']),
    ...(stderr.isTTY === true ? [] : ['standard error']),
  ];
  if (missing.length === 0) return;
  throw usageError(
    `--on-failure=shell needs a terminal, and ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} none`,
    'Leave the flag out where nobody sits at a terminal, such as in CI.',
  );
}
