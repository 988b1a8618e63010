import { visibleText } from './visible-text.js';

/**
 * A vertex' name as people say it: `image busybox` for `docker-image://docker.io/library/busybox:latest@sha256:…`, `local src` for
 * `local://src`. Other names stay, on one line.
 */
export function shownName(name: string): string {
  const image = /^docker-image:\/\/(?:docker\.io\/(?:library\/)?)?([^@]+?)(?::latest)?(?:@sha256:[0-9a-f]+)?$/.exec(
    name,
  );
  if (image?.[1] !== undefined) return `image ${visibleText(image[1])}`;
  const local = /^local:\/\/(.*)$/s.exec(name);
  if (local?.[1] !== undefined) return `local ${oneLine(local[1])}`;
  return oneLine(name);
}

function oneLine(text: string): string {
  return visibleText(text).replaceAll('\t', ' ');
}
