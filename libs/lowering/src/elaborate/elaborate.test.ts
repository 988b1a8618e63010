import { check } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import { printModule } from '@hlb/ir';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { elaborateText } from '../../../../tests/support/compile-text.js';
import { elaborate, elaborateStepwise } from './elaborate.js';
import type { Step } from './evaluation.js';
import { framesOf } from './scope.js';

function lines(text: string): readonly string[] {
  return text.trim().split('\n');
}

describe('how calls are evaluated', () => {
  test('a function as a statement goes on from the current value, as an argument from the empty one', () => {
    const { ir } = elaborateText(`
fs extend() {
	run "extend"
}
fs default() {
	image "a"
	extend
	copy extend "/" "/"
}`);
    expect(lines(ir)).toEqual([
      '%0 = scratch',
      '%1 = image "a"',
      '%2 = run %1 ["extend"]',
      '%3 = run %0 ["extend"]',
      '%4 = copy %2 %3 "/" "/"',
      'target "default" = solve %4',
    ]);
  });

  test('arguments that nothing reads are not evaluated, however far they are handed on', () => {
    const { ir } = elaborateText(`
string cost() { localRun "expensive"; }
fs ignores(string a, string b) { mkfile "/a" 0o644 a; }
fs between(string a, string b) { ignores a b; }
fs default() {
	between "x" cost
	between cost "y"
}`);
    expect(lines(ir).filter((line) => line.includes('command'))).toHaveLength(1);
  });

  test('a parameter is evaluated once, and again only where it is written again', () => {
    const { ir } = elaborateText(
      `
fs twice(fs a) { copy a "/1" "/1"; copy a "/2" "/2"; }
fs default() { twice fs { image "a"; }; copy fs { image "a"; } "/3" "/3"; }`,
      { level: 'O0' },
    );
    expect(lines(ir).filter((line) => line.includes('image'))).toHaveLength(2);
  });

  test('equal calls are one above -O0, and as many as they were written there', () => {
    const program = `
fs base(string name) { image name; run "setup"; }
fs default() { scratch; copy base("a") "/" "/1"; copy base("a") "/" "/2"; copy base("b") "/" "/3"; }`;
    const runs = (ir: string): number => lines(ir).filter((line) => line.includes(' = run ')).length;
    expect(runs(elaborateText(program).ir)).toBe(2);
    expect(runs(elaborateText(program, { level: 'O0' }).ir)).toBe(3);
  });

  test('runs that ignore the cache are never one', () => {
    const { ir } = elaborateText(`
fs now() { image "a"; run "date" with ignoreCache; }
fs default() { scratch; copy now "/" "/1"; copy now "/" "/2"; }`);
    expect(lines(ir).filter((line) => line.includes('ignore-cache'))).toHaveLength(2);
  });

  test('functions that double at each level are linear above -O0', () => {
    const levels = Array.from({ length: 40 }, (_, i) => `fs f${i + 1}() { copy f${i} "/" "/a"; copy f${i} "/" "/b"; }`);
    const { ir } = elaborateText(`fs f0() { image "a"; }\n${levels.join('\n')}\nfs default() { f40; }`);
    expect(lines(ir).length).toBeLessThan(100);
  });

  test('calls nest 10,000 deep', () => {
    const functions = Array.from({ length: 10_000 }, (_, i) =>
      i === 0 ? 'fs f0() { image "a"; }' : `fs f${i}() { f${i - 1}; mkdir "/d" 0o755; }`,
    );
    const { ir, messages } = elaborateText(`${functions.join('\n')}\nfs default() { f9999; }`);
    expect(messages).toEqual([]);
    expect(lines(ir)).toHaveLength(10_002);
  });

  test('arguments nest 900 deep', () => {
    const nested = `${'fs { copy '.repeat(300)}scratch${' "/" "/"; }'.repeat(300)}`;
    const { messages } = elaborateText(`fs default() { copy ${nested} "/" "/"; }`);
    expect(messages).toEqual([]);
  });
});

describe('parameters', () => {
  test('a variadic one takes what is left, and is spread where it is named', () => {
    const { ir } = elaborateText(`
fs many(variadic string parts) { image "a"; run parts; entrypoint "x" parts; }
fs default() { many "only"; many "a" "b"; }`);
    expect(ir).toContain('run %1 ["only"]');
    expect(ir).toContain('["a", "b"]');
    expect(ir).toContain('["x", "a", "b"]');
  });

  test('variadic options add up, variadic file systems are arguments of a merge', () => {
    const { ir } = elaborateText(`
fs with_all(variadic option::run how) { image "a"; run "x" with option { how; shlex; }; }
fs all(variadic fs parts) { scratch; merge parts; }
fs default() {
	with_all option::run { env "A" "1"; } option::run { dir "/w"; }
	copy all(fs { image "a"; }, fs { image "b"; }) "/" "/"
}`);
    expect(ir).toContain('env "A" "1"');
    expect(ir).toContain('dir "/w"');
    expect(ir).toMatch(/merge \[%\d+, %\d+, %\d+\]/);
  });

  test.each([
    ['after `with`', 'run "x" with how'],
    ['in a list of options', 'run "x" with option { how; }'],
    ['as an argument of a parameter that is one', 'step how'],
    ['as an argument of a parameter that is variadic too', 'steps how'],
    ['as the options of a function', 'run "x" with both(how)'],
  ])('variadic options add up %s', (_, statement) => {
    const { ir, messages } = elaborateText(`
fs step(option::run one) { run "x" with one; }
fs steps(variadic option::run all) { run "x" with option { all; }; }
option::run both(variadic option::run all) { all; }
fs with_all(variadic option::run how) { image "a"; ${statement}; }
fs default() { with_all option { env "A" "1"; } option { dir "/w"; shlex; } option { }; with_all; }`);
    expect(messages).toEqual([]);
    expect(ir).toContain('run %1 ["x"] { env "A" "1"; dir "/w"; shlex }');
    expect(ir).toMatch(/run %\d+ \["x"\]\n/);
  });

  test.each(['fs', 'pipeline'])('a variadic %s is a list of stages that run side by side', (kind) => {
    const { ir, messages } = elaborateText(`
pipeline all(variadic ${kind} parts) { stage parts fs { image "c"; }; }
pipeline default() { all fs { image "a"; download "out"; } fs { image "b"; }; }`);
    expect(messages).toEqual([]);
    expect(ir).toContain('target "default" = parallel { solve %2; solve %3; solve %4 }');
    expect(ir).toContain('output %2 [0, 0]');
  });

  test('an option parameter as a statement is appended', () => {
    const { ir } = elaborateText(`
fs step(option::run how) { image "a"; run "x" with option { env "A" "0"; how; env "A" "2"; }; }
fs default() { step option::run { env "A" "1"; }; }`);
    expect(ir.match(/env "A" "\d"/g)).toEqual(['env "A" "0"', 'env "A" "1"', 'env "A" "2"']);
  });
});

describe('binds', () => {
  const program = `
fs build(string flag) {
	image "a"
	run "make \${flag}" with option {
		mount scratch "/in"
		mount scratch "/out" as out
	}
	mkfile "/late" 0o644 "x"
}
fs default() { out "-O2"; build "-O0"; }`;

  test('a bound mount is what the run gives; statements after it go on from there', () => {
    const { ir } = elaborateText(program);
    expect(ir).toMatch(/run %\d+ \["make -O2"\].*result=1/s);
    expect(ir.match(/result=/g)).toHaveLength(1);
    expect(ir.match(/mkfile/g)).toHaveLength(2);
  });

  test('a bound digest is what its name gives, whatever comes after the push', () => {
    const { ir } = elaborateText(`
fs publish() { scratch; dockerPush "acme/f" as dg; mkfile "/after" 0o644 "x"; }
fs default() { scratch; mkfile "/pin" 0o644 "at \${dg}"; }`);
    expect(ir).toContain('push-digest');
    expect(ir).toMatch(/concat \["at ", %\d+\]/);
    expect(ir).toContain('output %');
  });

  test('a function that is called and whose digest is read pushes once above -O0', () => {
    const pushed = `
fs publish() { scratch; mkfile "/f" 0o644 "f"; dockerPush "acme/f" as dg; }
pipeline default() { stage publish; stage fs { scratch; mkfile "/pin" 0o644 dg; }; }`;
    const pushes = (ir: string): number => ir.match(/docker-push/g)?.length ?? 0;
    expect(pushes(elaborateText(pushed).ir)).toBe(1);
    expect(pushes(elaborateText(pushed, { level: 'O0' }).ir)).toBe(2);
  });

  test('a bound cache mount is an error where it is asked for', () => {
    const cache = `
fs default() { image "a"; run "x" with option { mount scratch "/c" with cache("i", "shared") as c; }; }`;
    expect(elaborateText(cache).messages).toEqual([]);
    expect(elaborateText(cache, { targets: ['c'] }).messages[0]).toMatch(/^HLB0514 2:\d+ a cache mount/);
  });

  test('while a bound mount is evaluated, locals of arguments are copied at -O0 alone', () => {
    const local = 'fs default() { image "a"; run "x" with option { mount fs { local "src"; } "/s" as s; }; }';
    expect(elaborateText(local, { targets: ['s'], level: 'O0' }).ir).toMatch(/copy %\d+ %\d+ "\/" "\/"/);
    expect(elaborateText(local, { targets: ['s'] }).ir).not.toContain('copy');
    const inFunctions = `
option::run more() { mount fs { local "src"; } "/more"; }
fs other() { copy fs { local "src"; } "/" "/"; }
fs default() { other; run "x" with option { more; mount scratch "/s" as s; }; }`;
    expect(elaborateText(inFunctions, { targets: ['s'], level: 'O0' }).ir.match(/copy/g)).toHaveLength(1);
    expect(elaborateText(local, { level: 'O0' }).ir).not.toContain('copy');
  });
});

describe('texts', () => {
  test('what is only known later is joined later, also in a heredoc', () => {
    const { ir } = elaborateText(`
fs default() {
	scratch
	mkfile "/a" 0o644 "<\${localEnv("X")}>\${5}"
	mkfile "/b" 0o644 <<-T
		one \${localOs}
		  two
	T
}`);
    expect(ir).toContain('concat ["<", %2, ">5"]');
    expect(ir).toMatch(/layout %\d+ dedent/);
  });

  test('numbers and truth values are text in a text, and the last statement of a block counts', () => {
    const { ir } = elaborateText(`
int n() { 1; 0x10; }
string s() { "first"; "second"; }
string none() {}
fs default() { scratch; mkfile "/\${n}" 0o644 "\${s}|\${none}|\${false}|\${true}"; }`);
    expect(ir).toContain('mkfile %1 "/16" 0o644 "second||false|true"');
  });
});

describe('pipelines', () => {
  test('stages follow each other, arguments stand side by side, groups melt together', () => {
    const { ir } = elaborateText(`
fs job(string n) { image n; }
pipeline inner() { stage job("1"); stage job("2") job("3"); }
pipeline default() { stage inner; stage pipeline { stage job("4"); } scratch "text" 7; stage; inner; }`);
    expect(lines(ir).at(-1)).toBe(
      'target "default" = sequential { solve %1; parallel { solve %2; solve %3 }; parallel { solve %4; solve %5 }; solve %1; parallel { solve %2; solve %3 } }',
    );
  });

  test('an output belongs to the stage whose value it is part of', () => {
    const { ir } = elaborateText(`
fs save(string n) { scratch; mkfile "/n" 0o644 n; download "out-\${n}"; }
pipeline both(fs a, string b) { stage save(b); stage a; }
pipeline default() { both save("x") "y"; }`);
    expect(lines(ir).filter((line) => line.startsWith('output'))).toEqual(['output %3 [0, 1]', 'output %6 [0, 0]']);
  });

  test('what a later stage reads of the host is another state of it, once something was written', () => {
    const { ir } = elaborateText(`
fs read() { local "out"; }
pipeline default() { stage read; stage fs { read; download "out"; }; stage read; }`);
    expect(ir.match(/local "out"( generation=1)?/g)).toEqual(['local "out"', 'local "out" generation=1']);
  });
});

describe('targets', () => {
  const program =
    'fs f(string a) { scratch; }\nstring s() { "x"; }\nint i() { 3; }\noption::run o() { shlex; }\nfs e() {}';

  test.each([
    ['s', 'target "s" = text "x"'],
    ['i', 'target "i" = text "3"'],
    ['o', 'target "o" = nothing'],
    ['e', 'target "e" = nothing'],
  ])('%s', (name, line) => {
    expect(lines(elaborateText(program, { targets: [name] }).ir).at(-1)).toBe(line);
  });

  test('names that can be none are reported', () => {
    expect(elaborateText(program, { targets: ['absent', 'f'] }).messages).toEqual([
      'HLB0501 - the program has no function absent that could be a target',
      'HLB0502 1:4 the target f has 1 parameter, and a target gets no arguments',
    ]);
  });
});

describe('step by step', () => {
  const program = `fs add(string what) { run "\${what}"; }
fs default() { image "b"; add "x"; add string { "y"; }; }`;
  const follow = (): ReturnType<typeof elaborateStepwise> => {
    const checked = check(parse(sourceFile('p.hlb', program)).module);
    return elaborateStepwise(checked, { targets: ['default'], directory: '.' });
  };
  const shown = ({ at, value, scope, ops }: Step): string => {
    const calls = framesOf(scope.frame).map(({ start, end }) => program.slice(start, end));
    const args = scope.args.map((arg) => (arg?.kind === 'string' ? arg.text : arg?.kind));
    const now = value.kind === 'fs' ? `%${value.op}` : value.kind;
    return `${program.slice(at.start, at.end).trim()} | ${now} of ${ops} | ${calls.join(' > ')}(${args.join()})`;
  };

  test('each statement comes before it is evaluated: place, value so far, calls and arguments; every call is evaluated', () => {
    expect([...follow()].map(shown)).toEqual([
      'image "b" | %0 of 1 | ()',
      'add "x" | %1 of 2 | ()',
      `run "\${what}" | %1 of 2 | add(x)`,
      'add string { "y"; } | %2 of 3 | ()',
      '"y" | string of 3 | ()',
      `run "\${what}" | %2 of 3 | add(y)`,
    ]);
  });

  test('nothing is evaluated until the next step is asked for, and the end is what elaborating gives', () => {
    const walk = follow();
    let last = walk.next();
    let steps = 0;
    for (; last.done !== true; last = walk.next()) steps += 1;
    expect(steps).toBe(6);
    const checked = check(parse(sourceFile('p.hlb', program)).module);
    const { module } = elaborate(checked, { targets: ['default'], directory: '.', level: 'O0' });
    expect(printModule(last.value.module, { origins: false })).toBe(printModule(module, { origins: false }));
  });

  test('going back: a step that was kept stays as it was, and evaluating up to it again gives the same', () => {
    const walk = follow();
    const kept: { readonly step: Step; readonly before: string }[] = [];
    for (let next = walk.next(); next.done !== true; next = walk.next()) {
      kept.push({ step: next.value, before: shown(next.value) });
    }
    expect(kept.map(({ step }) => shown(step))).toEqual(kept.map(({ before }) => before));
    const again = follow();
    for (const { before } of kept.slice(0, 3)) {
      const next = again.next();
      expect(next.done === true ? undefined : shown(next.value)).toBe(before);
    }
  });

  test('an endless recursion ends with its diagnostic', () => {
    const checked = check(parse(sourceFile('p.hlb', 'fs default() { default; }')).module);
    const walk = elaborateStepwise(checked, { targets: ['default'], directory: '.' });
    expect(walk.next().done).toBe(false);
    const last = walk.next();
    expect(last.done === true ? last.value.diagnostics.map(({ code }) => code) : undefined).toEqual(['HLB0503']);
  });
});

test('ops of calls that were shared say where each of them stands', () => {
  const program = `fs base() { image "a"; run "x"; }
fs default() { scratch; copy base "/" "/1"; copy base "/" "/2"; }`;
  const checked = check(parse(sourceFile('p.hlb', program)).module);
  const { module } = elaborate(checked, { targets: ['default'], directory: '.' });
  const run = module.ops.find(({ kind }) => kind === 'run');
  const calls = run?.origins.map(({ span, caller }) => [span.start, caller?.span.start]);
  const at = program.indexOf('run');
  expect(calls).toEqual([
    [at, program.indexOf('base "/" "/1"')],
    [at, program.indexOf('base "/" "/2"')],
  ]);
});
