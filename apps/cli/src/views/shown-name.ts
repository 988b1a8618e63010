import { visibleText } from './visible-text.js';

/**
 * A vertex' name as people say it: `image busybox` for `docker-image://docker.io/library/busybox:latest@sha256:…`, `local src` for
 * `local://src`, the command alone for what a shell runs. Other names stay, on one line.
 */
export function shownName(name: string): string {
  const image = /^docker-image:\/\/(?:docker\.io\/(?:library\/)?)?([^@]+?)(?::latest)?(?:@sha256:[0-9a-f]+)?$/.exec(
    name,
  );
  if (image?.[1] !== undefined) return `image ${visibleText(image[1])}`;
  const local = /^local:\/\/(.*)$/s.exec(name);
  if (local?.[1] !== undefined) return `local ${oneLine(local[1])}`;
  // The engine lists all that is merged or compared, by the same names.
  const joined = /^(merge|diff) \(.*\)$/s.exec(name);
  if (joined?.[1] !== undefined) return joined[1];
  const script = name.startsWith(SHELL) ? singleWord(name.slice(SHELL.length)) : undefined;
  return oneLine(script ?? name);
}

const SHELL = '/bin/sh -c ';

/** A text that a shell reads as one word, without its quotes; `undefined` where it is several, or none. */
function singleWord(quoted: string): string | undefined {
  let word = '';
  let at = 0;
  while (at < quoted.length) {
    const character = quoted.charAt(at);
    if (/\s/.test(character)) return undefined;
    if (character === "'") {
      const end = quoted.indexOf("'", at + 1);
      if (end === -1) return undefined;
      word += quoted.slice(at + 1, end);
      at = end + 1;
    } else {
      const escaped = character === '\\';
      if (escaped && at + 1 === quoted.length) return undefined;
      word += escaped ? quoted.charAt(at + 1) : character;
      at += escaped ? 2 : 1;
    }
  }
  // The blanks and line ends around the text of a heredoc say nothing.
  const trimmed = word.replace(/^(?:\\n|\s)+|(?:\\n|\s)+$/g, '');
  return trimmed === '' ? undefined : trimmed;
}

function oneLine(text: string): string {
  return visibleText(text).replaceAll('\t', ' ');
}
