import { register } from 'node:module';

/** Lets this thread import modules in TypeScript where `url` is one; the hooks cost too much for others. */
export function allowTypeScript(url: string): void {
  if (/\.m?ts$/.test(new URL(url).pathname)) register(new URL('typescript-hooks.mjs', import.meta.url));
}
