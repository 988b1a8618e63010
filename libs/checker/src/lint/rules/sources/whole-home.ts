import { constantText } from '../../../values/constant-text.js';
import { type CallSite, isBuiltinCall, type ModuleIndex, optionsOf } from '../../module-index.js';
import type { LintRule } from '../../rule.js';

/** Paths that stand for all that a host or a person has. */
const WHOLE = /^(?:~|\/|\/home|\/root|\/Users|\/home\/[^/]+|\/Users\/[^/]+)$/;

export const wholeHome: LintRule = {
  code: 'HLB0420',
  name: 'whole-home',
  severity: 'warning',
  description: 'A `local` of a home directory or of the root of the host.',
  check({ index, at, report }) {
    for (const site of index.callsOf('local')) {
      const [path] = site.args;
      if (path === undefined || mayChoose(index, site)) continue;
      const text = constantText(path);
      const isHome = path.kind === 'call' && isHomeVariable(index.siteOf(path));
      if (!isHome && (text === undefined || !WHOLE.test(withoutTrailingSlashes(text)))) continue;
      report({
        message: `this sends ${text === '/' ? 'every file of the host' : 'a whole home directory'} to the engine, private files too`,
        at: at(path),
        label: 'everything below it',
        helps: ['Name the directory that the build needs, or choose files with `includePatterns`.'],
      });
    }
  },
};

/** A loop, since a pattern for it would try every slash of a text as the first of the last ones. */
function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** Whether the options choose some of the files, or may do so. */
function mayChoose(index: ModuleIndex, site: CallSite): boolean {
  return optionsOf(site).some((option) => {
    const resolution = index.siteOf(option)?.resolution;
    return resolution?.kind !== 'builtin' || resolution.builtin.name === 'includePatterns';
  });
}

function isHomeVariable(site: CallSite | undefined): boolean {
  const key = site?.args[0];
  return site !== undefined && key !== undefined && isBuiltinCall(site, 'localEnv') && constantText(key) === 'HOME';
}
