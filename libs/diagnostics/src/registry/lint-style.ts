import type { DiagnosticRow } from '../registry.js';

/** What is old, unused or without effect. */
export const styleRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0401',
    title: 'An import in its old form',
    explanation:
      'Rule `deprecated-import`. An import of a path was once written without `from`. It still works, and `hlb lint --fix` inserts the word.',
    wrong: `import kit "kit.hlb"

fs default() {
	kit.tools
}
`,
    right: `import kit from "kit.hlb"

fs default() {
	kit.tools
}
`,
  },
  {
    code: 'HLB0402',
    title: 'The kind `group`',
    explanation:
      'Rule `deprecated-group`. The kind `pipeline` was once called `group`. The old name still works, and `hlb lint --fix` replaces it.',
    wrong: `group default() {
	stage fs { image "alpine"; }
}
`,
    right: `pipeline default() {
	stage fs { image "alpine"; }
}
`,
  },
  {
    code: 'HLB0403',
    title: 'The builtin `parallel`',
    explanation:
      'Rule `deprecated-parallel`. The builtin `stage` was once called `parallel`. The old name still works, and `hlb lint --fix` replaces it.',
    wrong: `pipeline default() {
	parallel fs { image "alpine"; }
}
`,
    right: `pipeline default() {
	stage fs { image "alpine"; }
}
`,
  },
  {
    code: 'HLB0410',
    title: 'A private function that nothing uses',
    explanation:
      'Rule `unused-function`. Every function of a module can be built by its name, so most of them cannot be called unused. A name that begins with `_` says that the function is there for its module only: if nothing in it calls the function, or uses a result that is bound in it, it can go. Functions that are exported count as used.',
    wrong: `fs _tools() {
	image "alpine"
}

fs default() {
	image "debian"
}
`,
    right: `fs _tools() {
	image "alpine"
}

fs default() {
	_tools
}
`,
  },
  {
    code: 'HLB0411',
    title: 'A parameter that is never read',
    explanation:
      'Rule `unused-parameter`, a hint by default, since a function may have to take what its callers pass. Such a parameter can say so by a name that begins with `_`. Functions without a body are left alone.',
    wrong: `fs tools(string version) {
	image "alpine"
}

fs default() {
	tools "3"
}
`,
    right: `fs tools(string version) {
	image "alpine:\${version}"
}

fs default() {
	tools "3"
}
`,
  },
  {
    code: 'HLB0412',
    title: 'An import from which nothing is taken',
    explanation:
      'Rule `unused-import`. An import costs nothing until something is taken from it, but its reader looks for what that is.',
    wrong: `import kit from "kit.hlb"

fs default() {
	image "alpine"
}
`,
    right: `import kit from "kit.hlb"

fs default() {
	kit.tools
}
`,
  },
  {
    code: 'HLB0413',
    title: 'A bound name that nothing uses',
    explanation:
      'Rule `unused-bind`, a hint by default, since a name bound by `as` can be built from the command line like a function. If nothing does, the `as` can go.',
    wrong: `fs default() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as output
	}
}
`,
    right: `fs _compile() {
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
    code: 'HLB0414',
    title: 'A parameter that hides a name of the module',
    explanation:
      'Rule `shadowed-name`. In the body of the function the name means the parameter, which a reader who knows the module may not expect. Parameters with the names of builtins are not reported: `user`, `dir` or `target` are good names for them.',
    wrong: `fs tools(string version) {
	image "alpine:\${version}"
}

string version() {
	"3"
}
`,
    right: `fs tools(string tag) {
	image "alpine:\${tag}"
}

string version() {
	"3"
}
`,
  },
  {
    code: 'HLB0415',
    title: 'An export without an effect',
    explanation:
      'Rule `useless-export`. Builtins are known to every module, and an import cannot be reached through another module.',
    wrong: `export image

fs default() {
	image "alpine"
}
`,
    right: `export default

fs default() {
	image "alpine"
}
`,
  },
  {
    code: 'HLB0416',
    title: 'A `binds` clause without an effect',
    explanation:
      'Rule `useless-binds`. A function may declare effects, but nothing gives them a value, and `as` cannot bind them. Only builtins have results beside their value.',
    wrong: `fs compile() binds (fs output) {
	image "alpine"
	run "make"
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
    code: 'HLB0417',
    title: 'A `variadic` parameter that is not the last',
    explanation:
      'Rule `variadic-not-last`. Only the last parameter can take any number of arguments. Elsewhere the word has no effect, and the parameter takes one argument like any other.',
    wrong: `fs install(variadic string packages, string base) {
	image base
	run "apk" "add" packages
}
`,
    right: `fs install(string base, variadic string packages) {
	image base
	run "apk" "add" packages
}
`,
  },
  {
    code: 'HLB0418',
    title: 'A `with` clause without an effect',
    explanation: 'Rule `useless-with`. The call takes no options, so an empty list of them changes nothing.',
    wrong: `fs tools() {
	image "alpine"
}

fs default() {
	tools with option {
	}
}
`,
    right: `fs tools() {
	image "alpine"
}

fs default() {
	tools
}
`,
  },
];
