import type { CallSite } from './module-index.js';

const SOURCES = new Set(['scratch', 'image', 'http', 'git', 'local', 'frontend']);

/** Whether a statement of an `fs` block starts afresh: a source, or a file system that was passed. */
export function isSource({ resolution }: CallSite): boolean {
  if (resolution?.kind === 'param') return resolution.param.type === 'fs';
  return resolution?.kind === 'builtin' && resolution.builtin.kind === 'fs' && SOURCES.has(resolution.builtin.name);
}
