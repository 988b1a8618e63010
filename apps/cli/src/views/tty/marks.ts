import type { Standing } from '../vertex-state.js';

/** The signs of a picture: each a cell wide. */
export interface Marks {
  readonly of: Readonly<Record<Standing, string>>;
  /** Stands where a text was cut. */
  readonly more: string;
}

const unicode: Marks = {
  of: { waiting: ' ', running: '›', done: '✓', cached: '✓', failed: '✗', cancelled: '-' },
  more: '…',
};

const ascii: Marks = {
  of: { waiting: ' ', running: '>', done: '+', cached: '=', failed: 'x', cancelled: '-' },
  more: '~',
};

/** Unicode, unless the locale says that it isn't UTF-8, or the terminal is the kernel's own. */
export function marksFor(env: NodeJS.ProcessEnv): Marks {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const utf8 = locale === '' || /utf-?8/i.test(locale);
  return utf8 && env.TERM !== 'linux' ? unicode : ascii;
}
