/** Writes `NAME.mjs` of each worker into a folder. */
export function buildWorkers(outdir: string): Promise<void>;
