export { main } from './main.js';
export { endProcess } from './process/end-process.js';
export { processIo } from './process/io.js';
