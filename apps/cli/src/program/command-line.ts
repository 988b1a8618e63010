import type { Command } from 'commander';
import type { Io } from '../process/io.js';
import type { GlobalOptions } from './options.js';

/** What the registration of a command is given. */
export interface CommandLine {
  readonly program: Command;
  readonly io: Io;
  /** The options that stand before the command. */
  readonly global: () => GlobalOptions;
  /** Makes an action whose result is the exit code. */
  readonly set: (action: () => Promise<number>) => () => Promise<void>;
}
