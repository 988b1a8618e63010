import type { GallerySection } from '../gallery-page.js';

export const valuesMistakes: GallerySection = {
  title: 'Values',
  mistakes: [
    {
      title: 'A bad name of an image',
      program: `fs default() {
	image "registry.example.org/Team/App:1.0"
}
`,
    },
    {
      title: 'A short digest',
      program: `fs default() {
	http "https://example.org/tool" with checksum("sha256:d2a84f4b8b65")
}
`,
    },
    {
      title: 'A misspelt mode',
      program: `fs default() {
	image "alpine"
	run "make" with network("nnoe")
}
`,
    },
    {
      title: 'A time without a zone',
      program: `fs default() {
	scratch
	mkdir "/data" 0o755 with createdTime("2024-05-31 12:00:00")
}
`,
    },
    {
      title: 'A name where an address is needed',
      program: `fs default() {
	image "alpine"
	run "make" with host("db", "db.example.org")
}
`,
    },
  ],
};
