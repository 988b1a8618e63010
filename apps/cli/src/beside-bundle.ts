import type { Io } from './process/io.js';

/** Where a file lies that the build puts beside the bundle. */
export async function besideBundle(io: Io, name: string): Promise<URL> {
  return new URL(name, (await io.beside?.()) ?? new URL('.', import.meta.url));
}
