import type { OpOptions } from './op-options.js';
import type { Output, ProgressGroup, VertexMetadata } from './vertex.js';

/**
 * The same op at other places and in another group: what a build says many times is made, encoded and hashed once. What comes from
 * another definition stays as it is.
 */
export function relocated(
  { vertex, index }: Output,
  { locations = [], progressGroup }: Pick<OpOptions, 'locations' | 'progressGroup'>,
): Output {
  if (vertex.kind === 'verbatim') return { vertex, index };
  return { vertex: vertex.with(regrouped(vertex.metadata, progressGroup), locations), index };
}

function regrouped(metadata: VertexMetadata, group: ProgressGroup | undefined): VertexMetadata {
  if (metadata.progressGroup === group) return metadata;
  const { progressGroup: _, ...rest } = metadata;
  return group === undefined ? rest : { ...rest, progressGroup: group };
}
