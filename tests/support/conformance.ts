import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * The folder of programs with known results: `HLB_CONFORMANCE`, else one that stands beside the repository (which may be newer),
 * else the project's copy.
 */
const conformanceFolder: string = realpathSync(
  [process.env.HLB_CONFORMANCE, join(root, '../shared/conformance'), join(root, 'conformance')].find(
    (path): path is string => path !== undefined && existsSync(path),
  ) ?? join(root, 'conformance'),
);

/** One case: a folder with `program.hlb`, the files that it reads, and `expect.json`. */
export interface ConformanceCase {
  /** `source/local-dir`. */
  readonly name: string;
  readonly area: string;
  readonly folder: string;
  /** The document as it is; its form is in the folder's README. */
  readonly expect: Readonly<Record<string, unknown>>;
}

/** The cases of some areas, or all, in order of name. Throws when there are none: a suite that checks nothing must not pass. */
export function conformanceCases(...areas: readonly string[]): ConformanceCase[] {
  const found: ConformanceCase[] = [];
  for (const area of readdirSync(conformanceFolder, { withFileTypes: true })) {
    if (!area.isDirectory() || (areas.length > 0 && !areas.includes(area.name))) continue;
    for (const name of readdirSync(join(conformanceFolder, area.name)).sort()) {
      const folder = join(conformanceFolder, area.name, name);
      const path = join(folder, 'expect.json');
      if (!existsSync(path)) continue;
      const expect = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      found.push({ name: `${area.name}/${name}`, area: area.name, folder, expect });
    }
  }
  if (found.length === 0) throw new Error(`no conformance cases in ${conformanceFolder}`);
  return found;
}
