import type { VertexMetadata } from '../graph/vertex.js';

/** The metadata of one op that several vertices are: flags and capabilities add up, of the rest the later one counts. */
export function mergeMetadata(first: VertexMetadata, second: VertexMetadata): VertexMetadata {
  if (first === second) {
    return first;
  }
  const ignoreCache = first.ignoreCache === true || second.ignoreCache === true;
  const description = { ...first.description, ...second.description };
  return {
    ...first,
    ...second,
    caps: [...new Set([...first.caps, ...second.caps])].sort(),
    ...(ignoreCache ? { ignoreCache } : {}),
    ...(first.description === undefined && second.description === undefined ? {} : { description }),
  };
}

/** The metadata of the terminal op: what an engine must know to read that of the others. */
export function terminalMetadata(all: Iterable<VertexMetadata>): VertexMetadata {
  const caps = new Set(['constraints', 'platform']);
  for (const metadata of all) {
    if (metadata.ignoreCache === true) {
      caps.add('meta.ignorecache');
    }
    if (metadata.description !== undefined) {
      caps.add('meta.description');
    }
    if (metadata.exportCache !== undefined) {
      caps.add('meta.exportcache');
    }
  }
  return { caps: [...caps].sort() };
}
