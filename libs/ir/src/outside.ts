/** Passes from outside, in a thread of their own; apart from the rest because it needs Node's worker threads. */
export { loadOutsidePasses, type OutsideOptions, type OutsidePasses } from './passes/outside/load-outside.js';
