import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { serveTrees } from './serve-trees.js';
import { WorkGate } from './work-gate.js';

// The thread that receives directories and puts them in place: see tree-thread.ts, which starts it.
const shared: SharedArrayBuffer = workerData;
const gate = new WorkGate(shared);
parentPort?.on('message', (port: MessagePort) => serveTrees(port, () => gate.enter()));
