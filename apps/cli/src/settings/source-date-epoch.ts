import { usageError } from '../command-error.js';
import type { Io } from '../process/io.js';

/** The epoch of the flag, else of `SOURCE_DATE_EPOCH`: whole seconds since 1970. An empty value says that there is none. */
export function readSourceDateEpoch(io: Io, flag: string | undefined): bigint | undefined {
  const text = flag ?? io.env.SOURCE_DATE_EPOCH ?? '';
  if (text === '') return undefined;
  if (/^\d{1,12}$/.test(text)) return BigInt(text);
  const name = flag === undefined ? 'SOURCE_DATE_EPOCH' : '--source-date-epoch';
  throw usageError(`${name} ${JSON.stringify(text)}: must be whole seconds since 1970`);
}
