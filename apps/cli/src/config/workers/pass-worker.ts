/** The thread of passes from outside, which may be written in TypeScript. */
import { workerData } from 'node:worker_threads';
import { allowTypeScript } from './typescript.js';

const { url }: { readonly url: string } = workerData;
allowTypeScript(url);
await import('@hlb/ir/pass-worker');
