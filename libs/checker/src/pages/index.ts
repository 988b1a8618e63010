export { builtinPage, builtinPages } from './builtin-page.js';
export { diagnosticPage, diagnosticPages } from './diagnostic-page.js';
export { type GallerySection, galleryPage, type Mistake } from './gallery-page.js';
export type { Page } from './page.js';
export { writePages } from './write-pages.js';
