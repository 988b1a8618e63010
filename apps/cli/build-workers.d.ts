/** Writes `NAME.mjs` of each worker into a folder. */
export function buildWorkers(outdir: string): Promise<void>;
/** Writes `receive-worker.js` into a folder. */
export function buildReceiveWorker(outdir: string): Promise<void>;
