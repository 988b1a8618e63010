import { absolutePath, type Output, type Platform } from '@hlb/llb';
import type { Environment } from './environment.js';
import type { ConfigChange } from './image-config.js';
import type { PendingFiles } from './pending-files.js';

/** What a file system is while it is lowered: an output, and what later commands and image outputs get to know of it. */
export interface FsState {
  /** `undefined` for scratch. */
  readonly output: Output | undefined;
  /** Changes of files that are still to be made of `output`, in one vertex with what follows. */
  readonly pending: PendingFiles | undefined;
  readonly config: ConfigChange | undefined;
  readonly settings: Settings;
}

/** What most ops leave as it is: there is a state of every op, and one of these of many. */
export interface Settings {
  readonly environment: Environment | undefined;
  /** Absolute. */
  readonly dir: string;
  /** The user that the program set; commands run under `configUser` where the config says one. */
  readonly user: string | undefined;
  /** What a run of a single text is given to; absent: `/bin/sh -c`. */
  readonly shell: readonly string[] | undefined;
  /** The platform that commands are run for, where the file system itself says one. */
  readonly platform: Platform | undefined;
  /** The default of its definition, where it is not that of the build. */
  readonly valuePlatform: Platform | undefined;
  /** `WorkingDir` of the config. */
  readonly configDir: string;
  /** `User` of the config. */
  readonly configUser: string | undefined;
}

const noSettings: Settings = {
  environment: undefined,
  dir: '/',
  user: undefined,
  shell: undefined,
  platform: undefined,
  valuePlatform: undefined,
  configDir: '',
  configUser: undefined,
};

export const scratchState: FsState = { output: undefined, pending: undefined, config: undefined, settings: noSettings };

/** The state of what comes from outside of the build, with the settings that it has. */
export function sourceState(output: Output | undefined, settings: Partial<Settings> = noSettings): FsState {
  return { ...scratchState, output, settings: settings === noSettings ? noSettings : { ...noSettings, ...settings } };
}

/**
 * The settings of a file system that took its content from another: commands see what that one's do, while the image config, and
 * the platform of its definition, are its own.
 */
export function settingsFrom(other: FsState, { settings }: FsState): Settings {
  const { valuePlatform, configDir, configUser, shell } = settings;
  return { ...other.settings, valuePlatform, configDir, configUser, shell };
}

/** A directory seen from the one before; an absolute one as it is written. */
export function absoluteDir(before: string, path: string): string {
  return path.startsWith('/') ? path : absolutePath(before === '' ? '/' : before, path);
}
