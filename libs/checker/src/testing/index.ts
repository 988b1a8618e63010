/** What tests of compilers need. It wants fast-check, which is an optional peer. */
export { type ProgramArbitraryOptions, programArbitrary } from './program-arbitrary.js';
