// An entry of its own, since measuring characters costs a program that has nothing to draw a good part of its start.
export { type RenderOptions, renderDiagnostic } from './terminal.js';
