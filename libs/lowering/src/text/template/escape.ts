import { isPrintable } from '../go-quote.js';

const html: ReadonlyMap<string, string> = new Map([
  ['\0', '\ufffd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** As Go's `template.HTMLEscapeString`. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => html.get(char) ?? char);
}

const js: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
  ['<', '\\u003C'],
  ['>', '\\u003E'],
  ['&', '\\u0026'],
  ['=', '\\u003D'],
]);

/** As Go's `template.JSEscapeString`. */
export function escapeJs(text: string): string {
  let escaped = '';
  for (const char of text) {
    const named = js.get(char);
    const code = char.codePointAt(0) ?? 0;
    if (named !== undefined) escaped += named;
    else if (code < 0x20 || (code >= 0x80 && !isPrintable(char)))
      escaped += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    else escaped += char;
  }
  return escaped;
}

/** As Go's `url.QueryEscape`: a blank is `+`, and only letters, digits, `-`, `_`, `.` and `~` stay. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
