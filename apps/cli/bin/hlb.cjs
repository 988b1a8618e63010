#!/usr/bin/env node
// The command `hlb`: loads the bundled CLI, with the code that V8 compiled when it was built where that fits this Node.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '..', 'dist');
const bundle = path.join(dist, 'hlb.cjs');

let source;
try {
  // The bundle is ASCII, which is read fastest so.
  source = fs.readFileSync(bundle, 'latin1');
} catch {
  process.stderr.write('error: hlb is not built yet\n  help: Run `npm run build` in its repository.\n');
  process.exit(1);
}

let cachedData;
try {
  cachedData = fs.readFileSync(path.join(dist, `hlb.${process.version}-${process.arch}.cache`));
} catch {
  // No cache for this Node: the bundle is compiled as it is.
}

const wrapper = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename: bundle,
  ...(cachedData === undefined ? {} : { cachedData }),
  importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const module_ = { exports: {} };
wrapper.runInThisContext()(module_.exports, require('node:module').createRequire(bundle), module_, bundle, dist);

const { endProcess, main, processIo } = module_.exports;
const io = processIo();
main(process.argv.slice(2), io).then((code) => endProcess(io, code));
