import { check } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import { printModule } from '@hlb/ir';
import { parse } from '@hlb/parser';
import { expect, test } from 'vitest';
import { elaborate, type ModuleInstance } from '../index.js';

function checked(name: string, text: string): ModuleInstance['checked'] {
  return check(parse(sourceFile(name, text)).module);
}

const kit = checked(
  'lib/kit.hlb',
  `export base
export version
export quiet
export out

fs base(string tag) { image "busybox:\${tag}"; helper; }
fs helper() { copy fs { local "data"; } "/" "/data"; }
string version() { "0.\${minor}"; }
int minor() { 9; }
option::run quiet() { env "QUIET" "1"; }
fs made(string flag) { image "a"; run flag with option { mount scratch "/o" as out; }; }
`,
);

const program = checked(
  'program.hlb',
  `import kit from "./lib/kit.hlb"

fs default() {
	kit.base "alpha"
	mkfile "/v" 0o644 "v\${kit.version}"
	run "go" with kit.quiet
	copy kit.out("-O2") "/" "/o"
}
`,
);

const loadedModules = new Map<string, ModuleInstance>([
  ['kit', { checked: kit, directory: 'lib', imports: new Map() }],
]);

test('members of a module are evaluated in it: its names, its directory, its binds', () => {
  const { module, diagnostics } = elaborate(program, { targets: ['default'], directory: '.', loadedModules });
  expect(diagnostics).toEqual([]);
  expect(printModule(module, { origins: false }).split('\n')).toEqual([
    '%0 = scratch',
    '%1 = image "busybox:alpha"',
    '%2 = local "data" base="lib"',
    '%3 = copy %1 %2 "/" "/data"',
    '%4 = mkfile %3 "/v" 0o644 "v0.9"',
    '%5 = run %4 ["go"] { env "QUIET" "1" }',
    '%6 = image "a"',
    '%7 = scratch',
    '%8 = run %6 ["-O2"] { mount %7 "/o" named } result=0',
    '%9 = copy %5 %8 "/" "/o"',
    'target "default" = solve %9',
    '',
  ]);
});
