import type { GallerySection } from '../gallery-page.js';

export const bindsMistakes: GallerySection = {
  title: 'Binds',
  mistakes: [
    {
      title: 'A bind without a name',
      program: `fs default() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as
	}
}
`,
    },
    {
      title: 'A bind on a command',
      program: `fs default() {
	image "alpine"
	run "make" as made
}
`,
    },
    {
      title: 'A bind in an option function',
      program: `option::run output() {
	mount scratch "/out" as result
}

fs default() {
	image "alpine"
	run "make" with output
}
`,
    },
    {
      title: 'A result that is not there',
      program: `fs default() {
	image "alpine"
	dockerPush "registry.example.org/app" as (sha pushed)
}
`,
    },
    {
      title: 'A cache that is bound',
      program: `fs default() {
	image "golang"
	run "go build ./..." with option {
		mount scratch "/root/.cache" with cache("go", "shared") as built
	}
}
`,
    },
  ],
};
