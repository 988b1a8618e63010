import { isDeepStrictEqual } from 'node:util';
import type { Digest } from '@hlb/names';
import type { SourceFile, SourceLocation } from '../graph/source-location.js';
import type { MappedLocation, SourceMapping } from './definition.js';

/** Collects where vertices come from, with each file once. */
export class SourceMapBuilder {
  readonly #infos: SourceFile[] = [];
  readonly #places = new Map<SourceFile, number>();
  readonly #locations = new Map<Digest, MappedLocation[]>();

  add(digest: Digest, locations: readonly SourceLocation[]): void {
    if (locations.length === 0) {
      return;
    }
    const mapped = locations.map(({ file, ranges }) => ({ sourceIndex: this.#place(file), ranges }));
    const known = this.#locations.get(digest);
    if (known === undefined) {
      this.#locations.set(digest, mapped);
    } else {
      known.push(...mapped);
    }
  }

  /** Nothing if no vertex has a location. */
  mapping(): SourceMapping | undefined {
    return this.#infos.length === 0 ? undefined : { infos: this.#infos, locations: this.#locations };
  }

  #place(file: SourceFile): number {
    const known = this.#places.get(file);
    if (known !== undefined) {
      return known;
    }
    const equal = this.#infos.findIndex((info) => info.filename === file.filename && isDeepStrictEqual(info, file));
    const place = equal === -1 ? this.#infos.push(file) - 1 : equal;
    this.#places.set(file, place);
    return place;
  }
}
