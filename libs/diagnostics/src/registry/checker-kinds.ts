import type { DiagnosticRow } from '../registry.js';

/** Kinds, arguments and options. */
export const kindRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0306',
    title: 'A word that is no kind',
    explanation:
      'The kinds of HLB are `fs`, `string`, `int`, `bool`, `pipeline` and the options, `option::run` for example. A word that is none of them is a warning as long as nothing must have that kind, and an error from then on.',
    wrong: `filesystem default() {
	image "alpine"
}
`,
    right: `fs default() {
	image "alpine"
}
`,
  },
  {
    code: 'HLB0307',
    title: '`option` without the call that it is for',
    explanation:
      'Options belong to a builtin, and their kind says to which: `option::run`. The short form `option` can be used where the place tells it: in a `with` clause, or for a parameter of such a kind.',
    wrong: `option debug() {
	env "DEBUG" "1"
	shlex
}

fs default() {
	image "alpine"
	run "make" with debug
}
`,
    right: `option::run debug() {
	env "DEBUG" "1"
	shlex
}

fs default() {
	image "alpine"
	run "make" with debug
}
`,
  },
  {
    code: 'HLB0310',
    title: 'A value of the wrong kind',
    explanation:
      'Each statement of a block gives a value of the kind of the block, and each argument a value of the kind of its parameter. Nothing is converted from one kind to another, except that a `pipeline` also takes what can be built as one of its steps.',
    wrong: `fs default() {
	image 3
}
`,
    right: `fs default() {
	image "alpine:3"
}
`,
  },
  {
    code: 'HLB0311',
    title: 'An option of another call',
    explanation:
      'Each builtin has options of its own. An option of one is of no use to another, even if both have one of the same name.',
    wrong: `fs default() {
	scratch
	mkdir "/data" 0o755 with option {
		createDestPath
	}
}
`,
    right: `fs default() {
	scratch
	mkdir "/data" 0o755 with option {
		createParents
	}
}
`,
  },
  {
    code: 'HLB0312',
    title: 'A wrong number of arguments',
    explanation:
      'A call needs as many arguments as there are parameters; only a `variadic` one takes any number. Arguments of a statement are separated by blanks. A call that is itself an argument has its own arguments in parentheses, `copy local(".") "/" "/src"`.',
    wrong: `fs default() {
	scratch
	mkfile "/hello" "hello"
}
`,
    right: `fs default() {
	scratch
	mkfile "/hello" 0o644 "hello"
}
`,
  },
  {
    code: 'HLB0313',
    title: 'Options for a call that takes none',
    explanation:
      'Only builtins take options, and not all of them. A function of a program gets what it needs by its parameters, which may be options.',
    wrong: `fs compile() {
	image "alpine"
	run "make"
}

fs default() {
	compile with option {
		env "DEBUG" "1"
	}
}
`,
    right: `fs compile(option::run how) {
	image "alpine"
	run "make" with how
}

fs default() {
	compile option {
		env "DEBUG" "1"
	}
}
`,
  },
  {
    code: 'HLB0316',
    title: 'An interpolation of something that has no text',
    explanation: 'A string, a number or a bool can stand in `${…}`. File systems, pipelines and options have no text.',
    wrong: `fs default() {
	scratch
	mkfile "/base" 0o644 "built from \${image("alpine")}"
}
`,
    right: `string base() {
	"alpine"
}

fs default() {
	scratch
	mkfile "/base" 0o644 "built from \${base}"
}
`,
  },
  {
    code: 'HLB0318',
    title: 'Arguments in the wrong order',
    explanation: 'The arguments do not fit the kinds of the parameters as they stand, but would in another order.',
    wrong: `fs default() {
	scratch
	mkfile "/hello" "hello" 0o644
}
`,
    right: `fs default() {
	scratch
	mkfile "/hello" 0o644 "hello"
}
`,
  },
  {
    code: 'HLB0319',
    title: 'A list where one value is needed',
    explanation:
      'A `variadic` parameter stands for all the arguments that were given for it, which may be none or many. It can be passed on to a parameter that is variadic too. It is an error where it is evaluated as a single value.',
    wrong: `fs install(variadic string packages) {
	image "alpine"
	env "PACKAGES" packages
}

fs default() {
	install "gcc" "make"
}
`,
    right: `fs install(variadic string packages) {
	image "alpine"
	run "apk" "add" packages
}

fs default() {
	install "gcc" "make"
}
`,
  },
];
