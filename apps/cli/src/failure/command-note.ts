import type { SourceFile } from '@hlb/diagnostics';
import type { SolvedOp } from '@hlb/runtime';
import { visibleText } from '../views/visible-text.js';

/** Variables that a message lists, at most. */
const SHOWN_VARIABLES = 12;

/** Longest value that is shown whole, in characters. */
const SHOWN_CHARACTERS = 100;

/** Variables that images set and that hold no secrets. */
const PUBLIC = /^(?:PATH|HOME|USER|SHELL|TERM|PWD|LANG|LANGUAGE|TZ|DEBIAN_FRONTEND|SSH_AUTH_SOCK|LC_\w+|\w+_VERSION)$/;

/**
 * What a command was run with: its directory, user and environment. A value is shown only where the program's text has it; others may
 * come from this host's environment or a command, and be secret.
 */
export function commandNote(op: SolvedOp | undefined, files: readonly SourceFile[]): readonly string[] {
  const meta = op?.op?.$case === 'exec' ? op.op.value.meta : undefined;
  if (meta === undefined) return [];
  const variables = meta.env.filter((one) => !one.startsWith('HLB_IGNORE_CACHE='));
  const place = [
    ...(meta.cwd === '' || meta.cwd === '/' ? [] : [`in ${visibleText(meta.cwd)}`]),
    ...(meta.user === '' ? [] : [`as ${visibleText(meta.user)}`]),
  ].join(' ');
  // The search path alone says nothing that matters here.
  const telling = variables.some((one) => !one.startsWith('PATH='));
  if (!telling) return place === '' ? [] : [`it ran ${place}`];
  const shown = variables.slice(0, SHOWN_VARIABLES).map((one) => `  ${shownVariable(one, files)}`);
  const more = variables.length - shown.length;
  const rest = more > 0 ? [`  and ${more} more`] : [];
  return [`it ran ${place === '' ? '' : `${place} `}with this environment:\n${[...shown, ...rest].join('\n')}`];
}

function shownVariable(variable: string, files: readonly SourceFile[]): string {
  const at = variable.indexOf('=');
  const name = variable.slice(0, at);
  const value = variable.slice(at + 1);
  if (!PUBLIC.test(name) && !files.some(({ text }) => text.includes(value))) {
    return `${visibleText(name)} (its value is not in the program, and not shown)`;
  }
  const cut = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  return `${visibleText(name)}=${visibleText(cut)}`;
}
