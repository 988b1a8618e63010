// Loads the bundle as bin/hlb.cjs does, runs commands in it and writes V8's compiled code to standard output.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { PassThrough, Readable } = require('node:stream');

const bundle = path.resolve(process.argv[2]);
const source = fs.readFileSync(bundle, 'latin1');
const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename: bundle,
  importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const module_ = { exports: {} };
const out = process.stdout;
script.runInThisContext()(
  module_.exports,
  require('node:module').createRequire(bundle),
  module_,
  bundle,
  path.dirname(bundle),
);

const program = 'fs default() {\n\tscratch\n\tmkfile "/greeting" 0o644 "hello ${string { "world" }}"\n}\n';
const io = () => ({
  stdin: Readable.from([Buffer.from(program)]),
  stdout: new PassThrough().resume(),
  stderr: new PassThrough().resume(),
  env: {},
  cwd: path.dirname(bundle),
});

(async () => {
  await module_.exports.main(['check', '-'], io());
  await module_.exports.main(['format', '-'], io());
  await module_.exports.main(['dump', '-', '--offline', '--stage', 'llb'], io());
  await module_.exports.main(
    ['run', '-', '--engine', 'unix:///nonexistent/hlb-code-cache.sock', '--log-output', 'plain'],
    io(),
  );
  out.write(script.createCachedData());
})();
