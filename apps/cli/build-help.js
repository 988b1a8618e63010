// Gathers the pages of docs/ into one file that `hlb help` reads, already taken apart, so that showing one is only laying it out.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs');
/** What is for those who work on hlb. */
const notHelp = /^(decisions|api|screens)\//;

/** Writes `help.json` into a folder: the form of `HelpPage` in src/help/page.ts. */
export function buildHelp(outdir) {
  const pages = readdirSync(docs, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && !notHelp.test(path))
    .sort()
    .map(page);
  writeFileSync(join(outdir, 'help.json'), JSON.stringify(pages));
}

function page(path) {
  const tokens = marked.lexer(readFileSync(join(docs, path), 'utf8'));
  const title = tokens.find(({ type }) => type === 'heading');
  const folder = basename(dirname(path));
  const file = basename(path, '.md');
  const name = file === 'README' || file === 'index' ? folder : file;
  return {
    name,
    group: groupOf(path),
    title: inline(title?.tokens),
    blocks: tokens.flatMap((token) => blocks(token, 0)),
  };
}

function groupOf(path) {
  if (path.startsWith('diagnostics/HLB')) return 'diagnostic';
  if (path.startsWith('language/builtins/') && !path.endsWith('index.md')) return 'builtin';
  return 'topic';
}

function blocks(token, depth) {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', level: token.depth, text: inline(token.tokens) }];
    case 'paragraph':
    case 'text':
      return navigates(token) ? [] : [{ kind: 'text', text: inline(token.tokens ?? [token]) }];
    case 'code':
      return [{ kind: 'code', text: token.text }];
    case 'list':
      return token.items.flatMap((item) => {
        const [first, ...rest] = item.tokens;
        return [
          { kind: 'item', depth, text: inline(first?.tokens) },
          ...rest.flatMap((inner) => blocks(inner, depth + 1)),
        ];
      });
    case 'table':
      return [{ kind: 'table', rows: token.rows.map((row) => row.map(({ tokens }) => inline(tokens))) }];
    case 'blockquote':
      return token.tokens.flatMap((inner) => blocks(inner, depth));
    case 'space':
    case 'html':
    case 'hr':
      return [];
    default:
      throw new Error(`docs hold Markdown that hlb help can't show: ${token.type}`);
  }
}

/** Whether a paragraph is nothing but a way to another page. */
function navigates({ tokens = [] }) {
  return tokens.length === 1 && tokens[0].type === 'link' && tokens[0].href.endsWith('index.md');
}

/** The text as it is read: code keeps its backticks, links leave their text (and their address, when it leads out). */
function inline(tokens = []) {
  return tokens
    .map((token) => {
      switch (token.type) {
        case 'codespan':
          return `\`${unescaped(token.text)}\``;
        case 'link':
          return /^https?:/.test(token.href) && token.text !== token.href
            ? `${inline(token.tokens)} (${token.href})`
            : inline(token.tokens);
        case 'image':
          return token.text;
        case 'br':
          return ' ';
        case 'html':
          return '';
        default:
          return token.tokens === undefined ? unescaped(token.text) : inline(token.tokens);
      }
    })
    .join('')
    .replace(/\s*\n\s*/g, ' ');
}

function unescaped(text) {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
