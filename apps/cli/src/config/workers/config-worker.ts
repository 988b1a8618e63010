/** Reads a configuration that is a module, and hands it on as data. Passes in it are replaced by what stands for them. */
import { parentPort, workerData } from 'node:worker_threads';
import type { InlinePass } from '../check-config.js';
import { allowTypeScript } from './typescript.js';

export type ConfigAnswer =
  | { readonly kind: 'config'; readonly value: unknown }
  | {
      readonly kind: 'failed';
      /** Follows the name of the file: `it has no default export`. */
      readonly message: string;
      /** Where it failed, `URL:LINE:COLUMN`. */
      readonly place: string | undefined;
      readonly helps: readonly string[];
    };

const { url }: { readonly url: string } = workerData;
parentPort?.postMessage(await read());

async function read(): Promise<ConfigAnswer> {
  try {
    allowTypeScript(url);
    const namespace: unknown = await import(url);
    const value: unknown = await field(namespace, 'default');
    if (value === undefined)
      return { kind: 'failed', message: 'it has no default export', place: undefined, helps: [] };
    return { kind: 'config', value: dataOf(value, '') };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, place: placeOf(error), helps: helpsFor(message) };
  }
}

/** A copy that can cross to another thread. Throws a `TypeError` that names the key of what can't. */
function dataOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => dataOf(item, `${key}[${index}]`));
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeError(`${key === '' ? 'the configuration' : key} is a ${typeof value}, where data is wanted`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (/^passes\[\d+\]\.pass$/.test(key) && typeof field(value, 'run') === 'function') {
    return { inlinePass: true } satisfies InlinePass;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, dataOf(part, key === '' ? name : `${key}.${name}`)]),
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The first place of a stack that is neither in Node nor here. */
function placeOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [place] of stack.matchAll(/file:\/\/[^\s()]+:\d+(:\d+)?/g)) {
    if (!place.startsWith(import.meta.url)) return place;
  }
  return undefined;
}

function helpsFor(message: string): readonly string[] {
  if (/outside a module|Unexpected token 'export'/.test(message)) {
    return ['Name it hlb.config.mjs, or write "type": "module" in the package.json beside it.'];
  }
  return [];
}
