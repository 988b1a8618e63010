import picocolors from 'picocolors';
import type { Severity } from '../diagnostic.js';

/** What each part of a drawing looks like. */
export interface Palette {
  readonly severity: (severity: Severity, text: string) => string;
  readonly message: (text: string) => string;
  readonly primary: (severity: Severity, text: string) => string;
  readonly secondary: (text: string) => string;
  /** Line numbers, borders, names of files. */
  readonly frame: (text: string) => string;
  /** The word before a note or a help. */
  readonly word: (text: string) => string;
}

/** Colours where they are wanted; whether they are is the caller's to know. */
export function palette(color: boolean): Palette {
  const c = picocolors.createColors(color);
  const bySeverity = { error: c.red, warning: c.yellow, info: c.cyan };
  return {
    severity: (severity, text) => c.bold(bySeverity[severity](text)),
    message: (text) => c.bold(text),
    primary: (severity, text) => bySeverity[severity](text),
    secondary: (text) => c.blue(text),
    frame: (text) => c.dim(text),
    word: (text) => c.green(text),
  };
}
