import { InvalidOpError } from '../../graph/invalid-op.js';
import type { OpOptions } from '../../graph/op-options.js';
import { opVertex } from '../../graph/op-vertex.js';
import type { Output } from '../../graph/vertex.js';

/** A source by its bare identifier and attributes; the other constructors know what these are for each kind. */
export interface SourceOptions extends OpOptions {
  /** `docker-image://…`, `local://…`: what comes before `://` chooses the kind. */
  readonly identifier: string;
  readonly attrs?: Iterable<readonly [string, string]> | undefined;
  readonly caps?: Iterable<string> | undefined;
}

/**
 * A file system from outside of the build.
 *
 * @throws {InvalidOpError} when the identifier is empty
 */
export function sourceOp(options: SourceOptions): Output {
  const { identifier } = options;
  if (identifier === '') {
    throw new InvalidOpError('a source needs an identifier');
  }
  const value = { identifier, attrs: new Map(options.attrs) };
  return { vertex: opVertex('source', { $case: 'source', value }, options, [...(options.caps ?? [])], []), index: 0 };
}

/** Collects attributes and the capabilities that they need. */
export class SourceAttributes {
  readonly attrs: Map<string, string> = new Map();
  readonly caps: Set<string> = new Set();

  constructor(cap: string) {
    this.caps.add(cap);
  }

  /** Adds what is neither absent nor empty. */
  text(attr: string, value: string | undefined, cap?: string): void {
    if (value !== undefined && value !== '') {
      this.attrs.set(attr, value);
      this.need(cap);
    }
  }

  flag(attr: string, value: boolean | undefined, cap?: string): void {
    this.text(attr, value === true ? 'true' : undefined, cap);
  }

  /** Adds a number that is neither absent nor 0. */
  number(attr: string, value: number | undefined, cap?: string): void {
    this.text(attr, value === undefined || value === 0 ? undefined : String(value), cap);
  }

  need(cap: string | undefined): void {
    if (cap !== undefined) {
      this.caps.add(cap);
    }
  }
}
