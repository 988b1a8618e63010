/** A name of an image, taken apart as Docker does. */
export interface ImageName {
  readonly registry: string;
  /** What follows the registry: `library/alpine:3.20`. */
  readonly rest: string;
}

export function readImageName(text: string): ImageName {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const named = first === 'localhost' || /[.:A-Z]/.test(first);
  const registry = named ? first : 'docker.io';
  const rest = named ? text.slice(slash + 1) : text;
  return { registry, rest: registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest };
}
