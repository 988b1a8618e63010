import type { DiagnosticRow } from '../registry.js';

/** Names, declarations and binds. */
export const nameRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0301',
    title: 'A name that is not defined',
    explanation:
      'A call names something that is neither a parameter of the function, nor declared in the module, nor a builtin. If a known name is written almost the same way, it is offered in the message.',
    wrong: `fs default() {
	image "alpine"
	mkfyle "/hello" 0o644 "hello"
}
`,
    right: `fs default() {
	image "alpine"
	mkfile "/hello" 0o644 "hello"
}
`,
  },
  {
    code: 'HLB0302',
    title: 'A name that is declared more than once',
    explanation:
      'Functions, imports and the names that `as` binds share one table of the module, whatever their kinds are. A name can stand in it once, because there is no overloading.',
    wrong: `fs tools() {
	image "alpine"
}

string tools() {
	"gcc make"
}
`,
    right: `fs tools() {
	image "alpine"
}

string toolNames() {
	"gcc make"
}
`,
  },
  {
    code: 'HLB0303',
    title: 'A name that a builtin has',
    explanation:
      'The names of all builtins are taken, those of options too (`target`, `mode`, `user` …), so that a call always means what it seems to mean. Parameters are free to use them.',
    wrong: `fs cache() {
	image "alpine"
}
`,
    right: `fs goCache() {
	image "alpine"
}
`,
  },
  {
    code: 'HLB0304',
    title: 'A parameter or an effect that is declared more than once',
    explanation: 'Each parameter of a function needs a name of its own, and so does each effect of a `binds` clause.',
    wrong: `fs put(string path, string path) {
	scratch
	mkfile path 0o644 path
}
`,
    right: `fs put(string path, string content) {
	scratch
	mkfile path 0o644 content
}
`,
  },
  {
    code: 'HLB0314',
    title: 'An import that is used as a value',
    explanation:
      'An import stands for a whole module. What is wanted of it follows after a dot: `kit.tools` calls the function `tools` that the module exports.',
    wrong: `import kit from "kit.hlb"

fs default() {
	kit
}
`,
    right: `import kit from "kit.hlb"

fs default() {
	kit.tools
}
`,
  },
  {
    code: 'HLB0315',
    title: 'A dot after something that is no import',
    explanation:
      'Only an import has names inside that a dot can reach. The results of a builtin are not reached by a dot either: they are bound to names by `as`.',
    wrong: `fs compile() {
	image "alpine"
}

fs default() {
	compile.output
}
`,
    right: `fs compile() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as output
	}
}

fs default() {
	output
}
`,
  },
  {
    code: 'HLB0317',
    title: 'An export of a name that the module does not have',
    explanation: '`export` makes a function, or a name bound by `as`, visible to the modules that import this one.',
    wrong: `export tool

fs tools() {
	image "alpine"
}
`,
    right: `export tools

fs tools() {
	image "alpine"
}
`,
  },
  {
    code: 'HLB0320',
    title: 'A bind without a name',
    explanation:
      '`as NAME` binds the first result of a call to a name; `as (RESULT NAME, …)` binds the results that it lists. With nothing after it, `as` says nothing.',
    wrong: `fs default() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as
	}
}
`,
    right: `fs default() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as output
	}
}
`,
  },
  {
    code: 'HLB0321',
    title: 'A bind where nothing can be bound',
    explanation:
      'A name that is bound stands for its whole function, evaluated for that result. So a bind must stand where that function is plain to see: directly in its body, or directly in the `with option { … }` of a statement; not in an option function, and not in a literal that is an argument.',
    wrong: `option::run withOutput() {
	mount scratch "/out" as output
}

fs default() {
	image "alpine"
	run "make" with withOutput
}
`,
    right: `fs default() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as output
	}
}
`,
  },
  {
    code: 'HLB0322',
    title: 'A bind on a call that has nothing to bind',
    explanation:
      'Three builtins have results beside their value: `mount` (`target`), `dockerPush` (`digest`) and `manifest` (`digest`, `config`, `index`). A `binds` clause on a function of a program is read, but nothing fills it.',
    wrong: `fs default() {
	image "alpine"
	run "make" as made
}
`,
    right: `fs default() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as made
	}
}
`,
  },
  {
    code: 'HLB0323',
    title: 'A result that the call does not have',
    explanation:
      'In `as (RESULT NAME)` the first word names a result of the builtin, the second the name that it gets.',
    wrong: `fs default() {
	image "alpine"
	dockerPush "registry.example.org/app" as (checksum pushed)
}
`,
    right: `fs default() {
	image "alpine"
	dockerPush "registry.example.org/app" as (digest pushed)
}
`,
  },
  {
    code: 'HLB0324',
    title: 'A name that the imported module does not have',
    explanation:
      'The name after the dot must be declared in the module that is imported. The imports of that module are not visible through it.',
  },
  {
    code: 'HLB0325',
    title: 'A name of a `binds` clause that is used as a value',
    explanation:
      'The names of a `binds` clause are in scope in the body of the function, but nothing gives them a value. It is an error where such a name is evaluated.',
    wrong: `fs compile() binds (fs output) {
	output
}
`,
    right: `fs compile() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as output
	}
}
`,
  },
  {
    code: 'HLB0326',
    title: 'A name that the imported module does not export',
    explanation:
      'A module decides what others may use of it. Add `export NAME` to the module that declares the function, if it is meant for others.',
  },
];
