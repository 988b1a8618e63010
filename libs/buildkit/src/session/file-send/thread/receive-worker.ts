import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { giveWay } from './give-way.js';
import { serveTrees } from './serve-trees.js';
import { WorkGate } from './work-gate.js';

// The thread that receives directories and puts them in place: see tree-thread.ts, which starts it.
giveWay();
const shared: SharedArrayBuffer = workerData;
const gate = new WorkGate(shared);
parentPort?.on('message', (port: MessagePort) => serveTrees(port, () => gate.enter()));
