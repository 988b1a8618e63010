import type { GallerySection } from '../gallery-page.js';

export const argumentsMistakes: GallerySection = {
  title: 'Arguments',
  mistakes: [
    {
      title: 'An argument too few',
      program: `fs default() {
	scratch
	mkfile "/hello" "hello"
}
`,
    },
    {
      title: 'Two statements on one line',
      program: `fs default() {
	image "alpine" run "make"
}
`,
    },
    {
      title: 'A call inside a call, without parentheses',
      program: `fs default() {
	image "alpine"
	copy local "." "/" "/src"
}
`,
    },
    {
      title: 'Options without parentheses',
      program: `fs default() {
	image "alpine"
	run "make" with dir "/src"
}
`,
    },
    {
      title: 'Arguments in the wrong order',
      program: `fs default() {
	scratch
	copy "/app" compile "/usr/bin/app"
}

fs compile() {
	image "golang"
}
`,
    },
    {
      title: 'A number where a text is needed',
      program: `fs default() {
	image "nginx"
	expose 8080
}
`,
    },
    {
      title: 'A list where one text is needed',
      program: `fs default() {
	install "git" "make"
}

fs install(variadic string packages) {
	image "alpine"
	label "packages" packages
}
`,
    },
    {
      title: 'A command without a command',
      program: `fs default() {
	image "alpine"
	run with option {
		dir "/src"
	}
}
`,
    },
  ],
};
