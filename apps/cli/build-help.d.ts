/** Writes `help.json`, the pages of docs/ taken apart, into a folder. */
export function buildHelp(outdir: string): void;
