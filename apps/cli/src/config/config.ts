import type { LintSeverity } from '@hlb/checker';
import type { SettingsFlags } from '../settings/settings-flags.js';

/** What a project's configuration says, checked. */
export interface Config {
  /** Absolute. */
  readonly path: string;
  /** In the order in which they are named. */
  readonly passes: readonly ConfiguredPass[];
  /** Names of optional passes of the project that don't run. */
  readonly skipPasses: readonly string[];
  readonly lint: { readonly rules: Readonly<Record<string, LintSeverity>> };
  readonly run: RunDefaults;
}

/** Values of flags of `hlb run` that are not given. */
export interface RunDefaults extends SettingsFlags {
  readonly engine?: string;
  readonly platform?: string;
  readonly logOutput?: LogOutput;
  readonly jobs?: number;
  readonly keepGoing?: boolean;
}

/** How progress is shown. */
export type LogOutput = (typeof logOutputs)[number];

export const logOutputs = ['auto', 'tty', 'plain', 'rawjson', 'quiet'] as const;

/** A row of `passes`. */
export interface ConfiguredPass {
  /** A package or a path, or the pass itself at this place of the list. */
  readonly pass: string | { readonly inline: number };
  /** As they are written; the schema of the pass checks them. */
  readonly options?: unknown;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Milliseconds that each run of it may take. */
  readonly timeLimit?: number;
}

/** Whether a text is the name of a platform, such as `linux/amd64`. */
export function isPlatformName(text: string): boolean {
  return /^[a-z0-9_]+\/[a-z0-9_]+(\/[a-z0-9_.]+)?$/i.test(text);
}
