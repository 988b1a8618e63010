import type { OddProgram } from './odd-program.js';

export const textsAndPaths: readonly OddProgram[] = [
  {
    name: 'relative paths of copies start from the directories of both sides',
    program: `
fs from() { scratch; mkdir "/in/sub" 0o755 with createParents; dir "/in"; mkfile "sub/f" 0o644 "f"; }
fs default() {
	scratch
	mkdir "/to" 0o755
	dir "/to"
	copy from "sub/f" "g"
	dir "deeper"
	mkdir "." 0o755 with createParents
	copy from "sub" "./" with contentsOnly
	download "out"
}
`,
    out: { 'to/g': 'f', 'to/deeper/f': 'f' },
  },
  {
    name: 'diff and merge, of what a run changed, into nothing and over others',
    program: `
fs changed() { base; run "mkdir -p /new && echo n >/new/f && rm -f /bin/nothing"; diff base; }
fs default() {
	scratch
	mkfile "/own" 0o644 "own"
	merge changed fs { mkfile "/new/g" 0o644 "g"; } scratch
	download "out"
}
`.replace('fs { mkfile "/new/g"', 'fs { mkdir "/new" 0o755; mkfile "/new/g"'),
    out: { own: 'own', 'new/f': 'n\n', 'new/g': 'g' },
  },
  {
    name: 'shlex, several words, and the shell',
    program: `
fs default() {
	base
	run "sh -c 'echo \\"$0\\" >/a' 'two words'" with shlex
	run "sh" "-c" "echo $0 >/b" "x"
	shell "/bin/sh" "-euc"
	run "false || echo c >/c"
}
fs wanted() { scratch; copy default "/a" "/"; copy default "/b" "/"; copy default "/c" "/"; download "out"; }
`,
    targets: ['wanted'],
    out: { a: 'two words\n', b: 'x\n', c: 'c\n' },
  },
  {
    name: 'localRun with its streams, and one that may fail, within interpolations',
    program: `
string err() { localRun "echo out; echo err >&2" with onlyStderr; }
string both() { localRun "echo out; echo err >&2" with includeStderr; }
string bad() { localRun "echo said; exit 3" with ignoreError; }
string split() { localRun "printf '%s-' 'a b' c" with shlex; }
fs default() {
	scratch
	mkfile "/f" 0o644 "\${err}|\${both}|\${bad}|\${split}|\${localRun("printf", "%s+", "x", "y")}"
	download "out"
}
`,
    out: { f: 'err|out\nerr|said|a b-c-|x+y+' },
  },
  {
    name: 'numbers of all bases, in modes, in texts; escapes',
    program: `
int n() { 0b101; }
fs default() {
	scratch
	mkfile "/a" 0x1a4 "\${n} \${0o17} \\$\{n} \\"q\\" \\t|"
	mkfile "/b" 420 \`\${n} \\t\`
	download "out"
}
`,
    out: { a: '5 15 ${n} "q" \t|', b: '${n} \\t' },
  },
  {
    name: 'a manifest of a pushed image, read back by its digest, as three effects',
    program: `
fs _app() { scratch; mkfile "/f" 0o644 "f"; label "k" "v"; dockerPush "REGISTRY/odd-manifest" as pin; }
string _told() { manifest "REGISTRY/odd-manifest@\${pin}" as (digest d, config c); }
fs default() {
	scratch
	mkfile "/same" 0o644 template("{{eq .a .b}}") with option {}
	download "out"
}
`
      .replace('template("{{eq .a .b}}") with option {}', 'same')
      .concat('string same() { template "{{eq .a .b}}" with option { stringField "a" pin; stringField "b" d; }; }\n'),
    out: { same: 'true' },
  },
  {
    name: 'changes with options, a merge with nothing, removals of what is not there',
    program: `
fs default() {
	scratch
	mkfile "/a" 0o644 "a" with option { createdTime "2020-01-01T00:00:00Z"; chown "7:8"; }
	merge fs { mkfile "/b" 0o644 "b"; } fs { scratch; }
	rm "/a"
	rm "/absent" with option { allowNotFound; allowWildcard; }
	download "out"
}
`,
    out: { b: 'b' },
  },
];
