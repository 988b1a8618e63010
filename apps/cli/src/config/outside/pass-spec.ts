import { usageError } from '../../command-error.js';

/** What `--pass` names: a package or a path, and options. */
export interface PassSpec {
  readonly specifier: string;
  readonly options?: unknown;
}

/** Reads `NAME_OR_PATH[:{json}]`. Throws a `CommandError` where the options are no JSON. */
export function readPassSpec(text: string): PassSpec {
  const start = text.indexOf(':{');
  if (start === -1) return { specifier: text };
  const specifier = text.slice(0, start);
  try {
    return { specifier, options: JSON.parse(text.slice(start + 1)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(
      `the options of --pass ${specifier} are no JSON: ${reason}`,
      `In a shell, quote the whole: --pass '${specifier}:{"name": "value"}'.`,
    );
  }
}
