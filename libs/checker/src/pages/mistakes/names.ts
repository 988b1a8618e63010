import type { GallerySection } from '../gallery-page.js';

export const namesMistakes: GallerySection = {
  title: 'Names',
  mistakes: [
    {
      title: 'A misspelt builtin',
      program: `fs default() {
	scratch
	mkfyle "/hello" 0o644 "hello"
}
`,
    },
    {
      title: 'A misspelt function',
      program: `fs toolchain() {
	image "golang"
}

fs default() {
	toolchian
	run "go build"
}
`,
    },
    {
      title: 'A misspelt parameter',
      program: `fs tools(string version) {
	image "alpine:\${verison}"
}
`,
    },
    {
      title: 'A word of a Dockerfile',
      program: `fs default() {
	image "alpine"
	WORKDIR "/src"
}
`,
    },
    {
      title: 'A text without quotes',
      program: `fs default() {
	image alpine
}
`,
    },
    {
      title: 'Permissions as other languages write them',
      program: `fs default() {
	scratch
	mkdir "/data" 0755
}
`,
    },
    {
      title: 'Two functions of one name',
      program: `fs test() {
	image "golang"
}

fs default() {
	test
}

fs test() {
	image "node"
}
`,
    },
    {
      title: 'A function with the name of a builtin',
      program: `fs cache() {
	image "alpine"
}

fs default() {
	image "alpine"
}
`,
    },
    {
      title: 'An import that is used like a function',
      program: `import kit from "kit.hlb"

fs default() {
	kit
}
`,
    },
    {
      title: 'A dot after a function',
      program: `fs compile() {
	image "golang"
}

fs default() {
	compile.output
}
`,
    },
    {
      title: 'An export of something else',
      program: `export defualt

fs default() {
	image "alpine"
}
`,
    },
  ],
};
