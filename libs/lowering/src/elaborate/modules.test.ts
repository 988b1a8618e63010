import { check } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import { printModule } from '@hlb/ir';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
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

describe('a local in a module from elsewhere', () => {
  const files = { def: [new Uint8Array([1, 2])], directory: '/sub' };
  const evaluated = (text: string, more: Partial<ModuleInstance>) => {
    const far = checked('program.hlb#kit/module.hlb', text);
    const kit: ModuleInstance = { checked: far, directory: '.', imports: new Map(), remote: true, ...more };
    const using = checked('program.hlb', 'import kit from image("kit")\nfs default() { kit.it; }\n');
    const loaded = new Map([['kit', kit]]);
    const { module, diagnostics } = elaborate(using, { targets: ['default'], directory: '.', loadedModules: loaded });
    return {
      ir: printModule(module, { origins: false }).split('\n'),
      said: diagnostics.map(({ code, message }) => `${code} ${message}`),
    };
  };
  const text = (path: string): string => `export it\nfs it() { local ${path} with includePatterns("*.c"); }\n`;

  test('is a part of what the module was taken from, relative to it', () => {
    const { ir, said } = evaluated(text('"src"'), { files });
    expect(said).toEqual([]);
    expect(ir.slice(0, 4)).toEqual([
      '%0 = scratch',
      '%1 = definition [b64"AQI="]',
      '%2 = dir %1 "/sub"',
      '%3 = copy %0 %2 "src" "/" followSymlinks contentsOnly include=["*.c"]',
    ]);
    expect(ir.join('\n')).not.toContain('local');
  });

  test('is never of this host, where nothing is known of the module, nor in a home directory', () => {
    expect(evaluated(text('"src"'), {}).said).toEqual(['HLB0705 the files of this module are not known here']);
    const home = ['HLB0705 a module from elsewhere has no home directory'];
    expect(evaluated(text('"~/src"'), { files }).said).toEqual(home);
    expect(evaluated(text('"~"'), { files }).said).toEqual(home);
  });
});
