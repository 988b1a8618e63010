import { readFile } from 'node:fs/promises';
import { besideBundle } from '../beside-bundle.js';
import type { Io } from '../process/io.js';
import type { HelpPage } from './page.js';

/** The pages that `hlb help` shows, in the order of their files. */
export async function topics(io: Io): Promise<readonly HelpPage[]> {
  const pages: readonly HelpPage[] = JSON.parse(await readFile(await besideBundle(io, 'help.json'), 'utf8'));
  return pages;
}

/** The page with this name. A builtin that shares its name with a topic or command is `builtin/NAME`. */
export function findTopic(pages: readonly HelpPage[], name: string): HelpPage | undefined {
  const wanted = name.toLowerCase();
  const builtin = /^builtins?\/(.+)$/.exec(wanted)?.[1];
  if (builtin !== undefined)
    return pages.find((page) => page.group === 'builtin' && page.name.toLowerCase() === builtin);
  return pages.find((page) => page.name.toLowerCase() === wanted);
}
