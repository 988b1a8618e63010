/** What tests of compilers need. It wants fast-check, which is an optional peer. */
export {
  type ProgramArbitraryOptions,
  programArbitrary,
  type SplitProgram,
  splitProgramArbitrary,
} from './program-arbitrary.js';
