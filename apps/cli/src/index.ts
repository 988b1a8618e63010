export { endProcess } from './end-process.js';
export { processIo } from './io.js';
export { main } from './main.js';
