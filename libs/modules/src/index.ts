export {
  type CompiledWithModules,
  type CompileWithModulesOptions,
  compileWithModules,
  type ReadProgram,
  readProgram,
} from './compile.js';
export { ModuleEngine, type ModuleEngineOptions } from './engine.js';
export { type LoadedModules, type LoadModulesOptions, loadModules, type ModuleNode } from './load.js';
export { ModuleOffers, type ReadModuleFile } from './offers.js';
export { pathImports } from './path-imports.js';
export { printTree } from './tree.js';
export { type GitLocation, type ModuleLocation, parseModuleLocation } from './uri.js';
export { copiesOf, type ModuleCopy, removeOthers, writeCopies } from './vendor/copies.js';
export { vendorDigest } from './vendor/digest.js';
export { VENDOR_FOLDER, VendorFolder } from './vendor/folder.js';
