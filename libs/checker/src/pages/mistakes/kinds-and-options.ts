import type { GallerySection } from '../gallery-page.js';

export const kindsAndOptionsMistakes: GallerySection = {
  title: 'Kinds and options',
  mistakes: [
    {
      title: 'A text among file systems',
      program: `string version() {
	localRun "git describe"
}

fs default() {
	image "alpine"
	version
}
`,
    },
    {
      title: 'A file system in a text',
      program: `fs base() {
	image "alpine"
}

fs default() {
	base
	label "base" "\${base}"
}
`,
    },
    {
      title: 'A kind that does not exist',
      program: `filesystem default() {
	image "alpine"
}
`,
    },
    {
      title: 'An option without its call',
      program: `option verbose() {
	env "VERBOSE" "1"
	network "none"
}

fs default() {
	image "alpine"
	run "make" with verbose
}
`,
    },
    {
      title: 'An option of another builtin',
      program: `fs default() {
	scratch
	mkdir "/srv/data" 0o755 with createDestPath
}
`,
    },
    {
      title: 'An option as a statement',
      program: `fs default() {
	image "alpine"
	readonly
}
`,
    },
    {
      title: 'Options for a function',
      program: `fs compile() {
	image "golang"
	run "go build"
}

fs default() {
	compile with option {
		env "CGO_ENABLED" "0"
	}
}
`,
    },
  ],
};
