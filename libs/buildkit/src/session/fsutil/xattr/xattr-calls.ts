import { createRequire } from 'node:module';

/** The system's calls for extended attributes, none of which follows a link that a path ends in. They throw the system's error. */
export interface XattrCalls {
  list(path: string): readonly string[];
  /** `null` for what has vanished, or can't be read. */
  get(path: string, name: string): Buffer | null;
  set(path: string, name: string, value: Buffer): void;
}

let loaded: { readonly calls: XattrCalls | undefined } | undefined;

/**
 * Node has no such calls; they come from an optional package (docs/decisions/0012), loaded when a directory is first sent or received.
 * `undefined` where it isn't installed or can't be loaded, and on systems other than Linux and macOS, where Go's client has none either.
 */
export function xattrCalls(): XattrCalls | undefined {
  loaded ??= { calls: load() };
  return loaded.calls;
}

function load(): XattrCalls | undefined {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return undefined;
  try {
    // Not by `import`: where this is part of a bundle that is run as a script, Node would warn that this is experimental.
    const binding: typeof import('@napi-rs/xattr') = createRequire(import.meta.url)('@napi-rs/xattr');
    return {
      list: binding.listAttributesSync,
      get: binding.getAttributeSync,
      set: binding.setAttributeSync,
    };
  } catch {
    return undefined;
  }
}
