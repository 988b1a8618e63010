import type { GallerySection } from '../gallery-page.js';

export const syntaxMistakes: GallerySection = {
  title: 'Syntax',
  mistakes: [
    {
      title: 'A function that is not closed',
      program: `fs base() {
	image "alpine"

fs default() {
	base
	run "make"
}
`,
    },
    {
      title: 'An option block that is not closed',
      program: `fs default() {
	image "golang"
	run "go build" with option {
		mount local(".") "/src"
	env "CGO_ENABLED" "0"
}
`,
    },
    {
      title: 'A parenthesis that is not closed',
      program: `fs default() {
	image "alpine"
	copy local("src" "/" "/src"
}
`,
    },
    {
      title: 'A call with parentheses, as in other languages',
      program: `fs default() {
	image("alpine")
}
`,
    },
    {
      title: 'A block without its kind',
      program: `fs default() {
	image "alpine"
	copy { local "."; } "/" "/src"
}
`,
    },
    {
      title: 'An import without a path',
      program: `import kit

fs default() {
	kit.tools
}
`,
    },
    {
      title: 'An empty interpolation',
      program: `fs default() {
	image "alpine:\${}"
}
`,
    },
  ],
};
