import type { GallerySection } from '../gallery-page.js';

export const circlesMistakes: GallerySection = {
  title: 'Circles',
  mistakes: [
    {
      title: 'A function that calls itself',
      program: `fs default() {
	default
	run "make"
}
`,
    },
    {
      title: 'Functions that call each other',
      program: `fs website() {
	image "nginx"
	copy server "/api" "/api"
}

fs server() {
	image "golang"
	copy assets "/dist" "/dist"
}

fs assets() {
	website
}
`,
    },
    {
      title: 'A result that is needed to make itself',
      program: `fs compile() {
	image "golang"
	run "go build" with option {
		mount result "/previous"
		mount scratch "/out" as result
	}
}
`,
    },
  ],
};
