import { isDeepStrictEqual } from 'node:util';
import type { Digest } from '@hlb/names';
import type { SourceFile, SourceLocation, SourceRange } from '../graph/source-location.js';
import type { MappedLocation, SourceMapping } from './definition.js';

/** What works its ranges out when it is asked for them is asked when they are written: those of a large graph are most of its objects. */
function mappedLocation(sourceIndex: number, location: SourceLocation): MappedLocation {
  return Object.hasOwn(location, 'ranges')
    ? { sourceIndex, ranges: location.ranges }
    : new LazyLocation(sourceIndex, location);
}

class LazyLocation implements MappedLocation {
  readonly sourceIndex: number;
  readonly #location: SourceLocation;

  constructor(sourceIndex: number, location: SourceLocation) {
    this.sourceIndex = sourceIndex;
    this.#location = location;
  }

  get ranges(): readonly SourceRange[] {
    return this.#location.ranges;
  }
}

/** Collects where vertices come from, with each file once. */
export class SourceMapBuilder {
  readonly #infos: SourceFile[] = [];
  readonly #places = new Map<SourceFile, number>();
  readonly #locations = new Map<Digest, MappedLocation[]>();

  add(digest: Digest, locations: readonly SourceLocation[]): void {
    if (locations.length === 0) {
      return;
    }
    const mapped = locations.map((location) => mappedLocation(this.#place(location.file), location));
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
