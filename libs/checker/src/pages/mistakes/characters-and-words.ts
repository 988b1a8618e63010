import type { GallerySection } from '../gallery-page.js';

export const charactersAndWordsMistakes: GallerySection = {
  title: 'Characters and words',
  mistakes: [
    {
      title: 'A quote that is not closed',
      program: `fs default() {
	image "alpine
	run "make"
}
`,
    },
    {
      title: 'Single quotes',
      program: `fs default() {
	image 'alpine'
}
`,
    },
    {
      title: 'An equals sign',
      program: `fs default() {
	image = "alpine"
}
`,
    },
    {
      title: 'A heredoc that is not closed',
      program: `fs default() {
	scratch
	mkfile "/motd" 0o644 <<TEXT
		welcome
}
`,
    },
  ],
};
