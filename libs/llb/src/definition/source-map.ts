import { isDeepStrictEqual } from 'node:util';
import type { Digest } from '@hlb/names';
import type { SourceFile, SourceLocation, SourceRange } from '../graph/source-location.js';
import { ByOp, type OpIndex } from './by-op.js';
import type { MappedLocation, SourceMapping } from './definition.js';

const none: readonly SourceLocation[] = [];

/** Collects where the ops of a definition come from, with each file once. */
export class SourceMapBuilder {
  readonly #infos: SourceFile[] = [];
  readonly #places = new Map<SourceFile, number>();
  /** Of each op; most have those of a single vertex. */
  readonly #locations: (readonly SourceLocation[])[] = [];
  /** The lists of ops that are several vertices: an image may be as many as the rest of its build. */
  readonly #joined = new Map<number, SourceLocation[]>();
  #last: SourceFile | undefined;

  /** Adds the locations of a vertex to those of its op, whose place in the definition is among those that were added, or the next. */
  add(place: number, locations: readonly SourceLocation[]): void {
    for (const { file } of locations) {
      if (file !== this.#last) this.#find(file);
      this.#last = file;
    }
    if (place === this.#locations.length) this.#locations.push(locations);
    else this.#joinedAt(place).push(...locations);
  }

  /** Nothing if no vertex has a location. */
  mapping(ops: OpIndex): SourceMapping | undefined {
    if (this.#infos.length === 0) return undefined;
    return { infos: this.#infos, locations: new OpLocations(ops, this.#locations, this.#places) };
  }

  #joinedAt(place: number): SourceLocation[] {
    let joined = this.#joined.get(place);
    if (joined === undefined) {
      joined = [...(this.#locations[place] ?? none)];
      this.#joined.set(place, joined);
      this.#locations[place] = joined;
    }
    return joined;
  }

  #find(file: SourceFile): void {
    if (this.#places.has(file)) return;
    const equal = this.#infos.findIndex((info) => info.filename === file.filename && isDeepStrictEqual(info, file));
    this.#places.set(file, equal === -1 ? this.#infos.push(file) - 1 : equal);
  }
}

/** Where the ops of a definition come from, as their vertices say it. */
export class OpLocations extends ByOp<readonly MappedLocation[]> {
  readonly #ops: OpIndex;
  readonly #locations: readonly (readonly SourceLocation[])[];
  readonly #files: ReadonlyMap<SourceFile, number>;

  constructor(ops: OpIndex, locations: readonly (readonly SourceLocation[])[], files: ReadonlyMap<SourceFile, number>) {
    super(ops);
    this.#ops = ops;
    this.#locations = locations;
    this.#files = files;
  }

  override at(place: number): readonly MappedLocation[] | undefined {
    const locations = this.#locations[place] ?? none;
    return locations.length === 0 ? undefined : locations.map((location) => this.mapped(location));
  }

  /** Ops without locations are left out. */
  forEachUnmapped(visit: (digest: Digest, locations: readonly SourceLocation[]) => void): void {
    this.#locations.forEach((locations, place) => {
      const digest = this.#ops.digests[place];
      if (digest !== undefined && locations.length > 0) visit(digest, locations);
    });
  }

  /** What works its ranges out when it is asked for them is asked when they are written: those of a large graph are most of its objects. */
  mapped(location: SourceLocation): MappedLocation {
    const sourceIndex = this.#files.get(location.file) ?? 0;
    return Object.hasOwn(location, 'ranges')
      ? { sourceIndex, ranges: location.ranges }
      : new LazyLocation(sourceIndex, location);
  }
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
