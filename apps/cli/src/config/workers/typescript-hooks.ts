/**
 * Hooks of Node's module loader: modules in TypeScript run without a build, imports of `./x.js` find `./x.ts`, and `hlb/config` is there
 * where hlb is not installed beside them.
 */
import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transform } from 'sucrase';

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    if (specifier === 'hlb/config') return { url: new URL('config.mjs', import.meta.url).href, shortCircuit: true };
    if (!isTypeScript(context.parentURL) || !/^\.{0,2}\/.*\.m?js$/.test(specifier)) throw error;
    try {
      return await nextResolve(specifier.replace(/js$/, 'ts'), context);
    } catch {
      throw error;
    }
  }
};

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!isTypeScript(url)) return nextLoad(url, context);
  const text = await readFile(fileURLToPath(url), 'utf8');
  // Only types go, and lines stay: places in stacks are those of the file.
  const { code } = transform(text, { transforms: ['typescript'], disableESTransforms: true });
  return { format: 'module', shortCircuit: true, source: code };
};

function isTypeScript(url: string | undefined): boolean {
  return url?.startsWith('file:') === true && /\.m?ts$/.test(new URL(url).pathname);
}
