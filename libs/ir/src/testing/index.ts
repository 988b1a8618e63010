/** What tests of passes need. `moduleArbitrary` and `checkPass` want fast-check, which is an optional peer. */
export { type CheckPassOptions, checkPass } from './check-pass.js';
export { type AppliedPass, applyPass, formatIr, readIr } from './ir-text.js';
export { compareMeaning } from './meaning.js';
export { type ModuleArbitraryOptions, moduleArbitrary } from './module-arbitrary.js';
