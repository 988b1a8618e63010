/** A text and its name, with the way from UTF-16 offsets to lines and columns. */
export interface SourceFile {
  /** As the user named it, relative to the current directory where it lies below it; `<stdin>` for standard input. */
  readonly name: string;
  readonly text: string;
  /**
   * The text as bytes when it could not be decoded without loss (invalid UTF-8); absent otherwise.
   * What goes into LLB source infos are these bytes, or the text's UTF-8.
   */
  readonly bytes?: Uint8Array;
  /** Start offset of each line, ascending; the first is 0. Computed at first use. */
  lineStarts(): readonly number[];
  /** Line and column of a UTF-16 offset, both from 1; columns count UTF-16 units. Offsets past the end give the end. */
  position(offset: number): Position;
}

/** A place in a file: both from 1, columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A half-open range of UTF-16 offsets in one file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Makes a file of a name and its text. */
export function sourceFile(name: string, text: string, bytes?: Uint8Array): SourceFile {
  let starts: readonly number[] | undefined;
  /** The line of the position before: the next is often near to it. */
  let last = 0;
  const lineStarts = (): readonly number[] => {
    starts ??= computeLineStarts(text);
    return starts;
  };
  return {
    name,
    text,
    ...(bytes === undefined ? {} : { bytes }),
    lineStarts,
    position(offset) {
      const at = Math.max(0, Math.min(offset, text.length));
      const all = lineStarts();
      let low = (all[last] ?? 0) <= at ? last : 0;
      let high = low;
      for (let step = 1; high < all.length - 1 && (all[high + 1] ?? 0) <= at; step *= 2) {
        low = high + 1;
        high = Math.min(all.length - 1, high + step);
      }
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((all[middle] ?? 0) <= at) low = middle;
        else high = middle - 1;
      }
      last = low;
      return { line: low + 1, column: at - (all[low] ?? 0) + 1 };
    },
  };
}

/** Makes a span; `end` before `start` gives the empty span at `start`. */
export function span(file: SourceFile, start: number, end: number): Span {
  return { file, start, end: Math.max(start, end) };
}

function computeLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
