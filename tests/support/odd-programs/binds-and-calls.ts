import type { OddProgram } from './odd-program.js';

export const bindsAndCalls: readonly OddProgram[] = [
  {
    name: 'two binds within one with, and a function that has both names',
    program: `
fs _make(string text) {
	base
	run "echo \${text} one >/a/f; echo \${text} two >/b/f" with option {
		mount scratch "/a" as first
		mount scratch "/b" as second
	}
}
fs default() {
	scratch
	copy first("x") "/" "/first"
	copy second("y") "/" "/second"
	download "out"
}
`,
    out: { 'first/f': 'x one\n', 'second/f': 'y two\n' },
  },
  {
    name: 'a bind within a with of a function that is given its input',
    program: `
fs _build(fs code, string flag) {
	base
	run "cat /code/f >/o/f; echo \${flag} >>/o/f" with option {
		dir "/code"
		mount code "/code" with readonly
		mount scratch "/o" as built
		env "UNUSED" "1"
	}
}
fs default() { built local("src") "-O2"; download "out"; }
`,
    files: { 'src/f': 'code\n' },
    out: { f: 'code\n-O2\n' },
  },
  {
    name: 'statements after a bound mount go on from it',
    program: `
fs _two() {
	base
	run "echo a >/o/a" with option { mount scratch "/o" as made; }
	mkfile "/b" 0o644 "b"
}
fs default() { made; mkfile "/c" 0o644 "c"; download "out"; }
`,
    out: { a: 'a\n', b: 'b', c: 'c' },
  },
  {
    name: 'an option function with variadic patterns, given a list of one, none and many',
    program: `
option::local only(variadic string patterns) { includePatterns patterns; }
option::local none() {}
fs default() {
	scratch
	copy fs { local "src" with only("*.a"); } "/" "/one"
	copy fs { local "src" with only("*.a", "*.b"); } "/" "/two"
	copy fs { local "src" with only(); } "/" "/all"
	copy fs { local "src" with none; } "/" "/plain"
	download "out"
}
`,
    files: { 'src/x.a': 'a', 'src/x.b': 'b', 'src/x.c': 'c' },
    out: {
      'one/x.a': 'a',
      'two/x.a': 'a',
      'two/x.b': 'b',
      'all/x.a': 'a',
      'all/x.b': 'b',
      'all/x.c': 'c',
      'plain/x.a': 'a',
      'plain/x.b': 'b',
      'plain/x.c': 'c',
    },
  },
  {
    name: 'an option parameter handed on, and added to',
    program: `
fs ran(option::run how, string name) {
	base
	run "echo $A $B >/\${name}" with option {
		how
		env "B" "own"
	}
}
fs default() {
	scratch
	copy ran(option::run { env "A" "given"; env "B" "given"; }, "x") "/x" "/x"
	download "out"
}
`,
    out: { x: 'given own\n' },
  },
  {
    name: 'stages within functions, and one that is given a pipeline',
    program: `
pipeline after(pipeline first, fs last) {
	stage first
	stage last
}
fs out(string name) {
	scratch
	mkfile "/\${name}" 0o644 name
	download "out"
}
pipeline default() {
	stage after(pipeline { stage out("a"); }, out("b")) out("c")
	stage pipeline { stage fs { out "d"; }; }
}
`,
    out: { a: 'a', b: 'b', c: 'c', d: 'd' },
  },
  {
    name: 'several targets, one of them a text',
    program: `
fs _pushed() {
	base
	run "echo made >/o/f" with option { mount scratch "/o" as part; }
}
fs one() { part; download "out/one"; }
string two() { "text of \${three}"; }
int three() { 0x1f; }
pipeline four() { stage fs { scratch; mkfile "/f" 0o644 "four"; download "out/four"; }; }
`,
    targets: ['one', 'two', 'four'],
    out: { 'one/f': 'made\n', 'four/f': 'four' },
    printed: 'text of 31\n',
  },
  {
    name: 'a function called as a statement goes on from what is there; as an argument from nothing',
    program: `
fs mark(string name) { mkfile name 0o644 name; }
fs default() {
	scratch
	mark "/a"
	mark "/b"
	copy mark("/c") "/" "/sub"
	download "out"
}
`,
    out: { a: '/a', b: '/b', 'sub/c': '/c' },
  },
  {
    name: 'a parameter as a statement replaces, a later source too',
    program: `
fs instead(fs what) { mkfile "/gone" 0o644 ""; what; mkfile "/more" 0o644 "m"; }
fs default() { scratch; mkfile "/gone" 0o644 ""; instead fs { mkfile "/kept" 0o644 "k"; }; download "out"; }
`,
    out: { kept: 'k', more: 'm' },
  },
  {
    name: 'a template with fields that are functions, in a format, in a file',
    program: `
string v() { "1.2"; }
string text() {
	template "{{if eq .v \\"1.2\\"}}yes{{else}}no{{end}} {{printf \\"%q\\" .n}}" with option {
		stringField "v" v
		stringField "n" format("%05.1s|%-4s|%[2]s", "abc", "d")
	}
}
fs default() { scratch; mkfile "/t" 0o644 text; download "out"; }
`,
    out: { t: 'yes "0000a|d   |d"' },
  },
  {
    name: 'downloads of several kinds and stages, one within a value that another reads',
    program: `
fs step1() { scratch; mkfile "/one" 0o644 "1"; download "out/first"; }
fs step2() { step1; mkfile "/two" 0o644 "2"; downloadTarball "out/second.tar"; }
fs step3() { scratch; copy step2 "/two" "/three"; download "out/third"; }
pipeline default() { stage step3; stage step1 step2; }
`,
    out: { 'first/one': '1', 'third/three': '2' },
  },
  {
    name: 'names of parameters that shadow builtins and functions',
    program: `
fs helper() { scratch; mkfile "/h" 0o644 "h"; }
fs take(fs helper, string env, variadic string rest) {
	helper
	mkfile "/env" 0o644 env
	run_all rest
}
fs run_all(variadic string rest) { mkfile "/rest" 0o644 format("%s-%s", rest); }
fs default() { take fs { mkfile "/p" 0o644 "p"; } "e" "r1" "r2"; download "out"; }
`,
    out: { p: 'p', env: 'e', rest: 'r1-r2' },
  },
  {
    name: 'nested literals: a pipeline of literals of literals, options within arguments of options',
    program: `
option::run mounts(fs what) {
	mount fs { scratch; copy what "/" "/in"; } "/m" with option { readonly; }
	mount fs { what; } "/n" with sourcePath("f")
}
fs default() {
	base
	run "cat /m/in/f /n >/seen" with mounts(fs { mkfile "/f" 0o644 "f"; })
}
pipeline wanted() {
	stage pipeline { stage pipeline { stage fs { scratch; copy default "/seen" "/"; download "out"; }; }; }
}
`,
    targets: ['wanted'],
    out: { seen: 'ff' },
  },
  {
    name: 'an import of a file that imports another, with options and binds of theirs',
    files: {
      'lib/kit.hlb': `import inner "inner.hlb"
export built
export fast
option::run fast() { env "FAST" "1"; }
fs _b(fs src) {
	inner.house
	run "cat /s/f >/o/f; echo $FAST >>/o/f" with option {
		fast
		mount src "/s"
		mount scratch "/o" as built
	}
}
`,
      'lib/inner.hlb': 'export house\nfs house() { image "busybox"; }\n',
      'src/f': 'src\n',
    },
    program: `
import kit from "./lib/kit.hlb"
fs default() {
	scratch
	copy kit.built(local("src")) "/" "/"
	copy fs { base; run "echo $FAST >/x" with kit.fast; } "/x" "/x"
	download "out"
}
`,
    out: { f: 'src\n1\n', x: '1\n' },
  },
  {
    name: 'a string of many statements, the last of which counts; an empty body; an unused argument',
    program: `
string last() { "first"; localOs; "last"; }
fs nothing() {}
fs keep(fs unused, string text) { mkfile "/t" 0o644 text; }
fs default() { scratch; nothing; keep fs { image "none.invalid/absent"; } last; download "out"; }
`,
    out: { t: 'last' },
  },
  {
    name: 'one output in two stages of two targets, with a breakpoint in between',
    program: `
fs shared() { scratch; mkfile "/f" 0o644 "f"; breakpoint; download "out"; }
pipeline a() { stage shared; stage fs { copy shared "/f" "/g"; download "out"; }; }
pipeline b() { stage shared shared; }
`,
    targets: ['a', 'b'],
    out: { f: 'f', g: 'f' },
  },
];
