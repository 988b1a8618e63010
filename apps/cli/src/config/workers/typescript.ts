import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Lets this thread import modules in TypeScript, and `hlb/config`, where `url` needs it; the hooks cost too much for others. */
export function allowTypeScript(url: string): void {
  const path = fileURLToPath(url);
  if (/\.m?ts$/.test(path) || readFileSync(path, 'utf8').includes('hlb/config')) {
    register(new URL('typescript-hooks.mjs', import.meta.url));
  }
}
