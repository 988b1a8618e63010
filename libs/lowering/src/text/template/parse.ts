import { syntaxError } from './error.js';
import { templateFunctions } from './functions.js';
import { numberOf } from './number.js';
import { shown, TokenCursor } from './token-cursor.js';
import { type Token, tokenize } from './tokens.js';
import type { Command, Nodes, Operand, Pipe, Template, TemplateNode } from './tree.js';

/** Actions within actions deeper than this are refused, so that no template reaches the end of our own stack. */
const depthLimit = 500;

/** Parses a template of Go's `text/template`. */
export function parseTemplate(source: string): Template {
  const parser = new TemplateParser(tokenize(source));
  return { root: parser.parse(), named: parser.named };
}

/** What ends a list of nodes. */
type Ending = 'end' | 'else' | 'eof';

class TemplateParser {
  readonly named = new Map<string, Nodes>();
  readonly #in: TokenCursor;
  #depth = 0;
  #loops = 0;
  #variables: string[] = ['$'];

  constructor(tokens: readonly Token[]) {
    this.#in = new TokenCursor(tokens);
  }

  parse(): Nodes {
    const { nodes, ending } = this.#list(true);
    if (ending !== 'eof') throw syntaxError(`unexpected {{${ending}}}`);
    return nodes;
  }

  #list(top: boolean): { readonly nodes: Nodes; readonly ending: Ending } {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#in.current;
      if (token === undefined) return { nodes, ending: 'eof' };
      this.#in.at += 1;
      if (token.kind === 'text') {
        nodes.push(token);
        continue;
      }
      this.#in.skipSpace();
      const next = this.#in.current;
      const keyword = next?.kind === 'word' ? next.text : '';
      if (keyword === 'end' || keyword === 'else') {
        this.#in.at += 1;
        if (keyword === 'end') this.#in.close();
        return { nodes, ending: keyword };
      }
      const node = this.#action(keyword, top);
      if (node !== undefined) nodes.push(node);
    }
  }

  #action(keyword: string, top: boolean): TemplateNode | undefined {
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        this.#in.at += 1;
        return this.#control(keyword);
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw syntaxError(`{{${keyword}}} outside {{range}}`);
        this.#in.at += 1;
        this.#in.close();
        return { kind: keyword };
      case 'template': {
        this.#in.at += 1;
        const name = this.#in.name('template clause');
        const pipe = this.#in.peek().kind === 'close' ? undefined : this.#pipe('close');
        this.#in.close();
        return { kind: 'template', name, pipe };
      }
      case 'define': {
        if (!top) throw syntaxError('unexpected {{define}}');
        this.#in.at += 1;
        const name = this.#in.name('define clause');
        this.#in.close();
        this.#define(name);
        return undefined;
      }
      case 'block': {
        this.#in.at += 1;
        const name = this.#in.name('block clause');
        const pipe = this.#pipe('close');
        this.#in.close();
        this.#define(name);
        return { kind: 'template', name, pipe };
      }
      default: {
        const pipe = this.#pipe('close');
        this.#in.close();
        return { kind: 'action', pipe };
      }
    }
  }

  /** The body of a named template: it sees no variables but its own `$`. The first with content counts; later ones replace it. */
  #define(name: string): void {
    const outer = { variables: this.#variables, loops: this.#loops };
    this.#variables = ['$'];
    this.#loops = 0;
    const { nodes, ending } = this.#nested();
    if (ending !== 'end')
      throw syntaxError(`unexpected ${ending === 'eof' ? 'end of template' : '{{else}}'} in ${name}`);
    this.#variables = outer.variables;
    this.#loops = outer.loops;
    if (!this.named.has(name) || !isBlank(nodes)) this.named.set(name, nodes);
  }

  #control(kind: 'if' | 'with' | 'range'): TemplateNode {
    const variables = [...this.#variables];
    const pipe = this.#pipe('close', kind === 'range');
    this.#in.close();
    if (kind === 'range') this.#loops += 1;
    const { nodes: body, ending } = this.#nested();
    if (kind === 'range') this.#loops -= 1;
    const otherwise = ending === 'else' ? this.#otherwise(kind) : [];
    if (ending === 'eof') throw syntaxError('unexpected end of template: an {{end}} is missing');
    this.#variables = variables;
    return { kind, pipe, body, otherwise };
  }

  #otherwise(kind: 'if' | 'with' | 'range'): Nodes {
    this.#in.skipSpace();
    const next = this.#in.peek();
    if (next.kind === 'word' && next.text === kind && kind !== 'range') {
      this.#in.at += 1;
      return [this.#deeper(() => this.#control(kind))];
    }
    this.#in.close();
    const { nodes, ending } = this.#nested();
    if (ending !== 'end')
      throw syntaxError(ending === 'eof' ? 'unexpected end of template' : 'expected end; found {{else}}');
    return nodes;
  }

  #nested(): { readonly nodes: Nodes; readonly ending: Ending } {
    return this.#deeper(() => this.#list(false));
  }

  #deeper<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > depthLimit) throw syntaxError(`more than ${depthLimit} actions within each other`);
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  #pipe(end: 'close' | ')', range = false): Pipe {
    this.#in.skipSpace();
    const { variables, assigns } = this.#declarations(range);
    const commands: Command[] = [];
    for (;;) {
      this.#in.skipSpace();
      const next = this.#in.peek();
      if (next.kind === end) break;
      commands.push(this.#command(end));
      if (this.#in.peek().kind !== '|') break;
      this.#in.at += 1;
      this.#in.skipSpace();
      if (this.#in.peek().kind === end) throw syntaxError('missing value for command');
    }
    if (commands.length === 0) throw syntaxError('missing value for pipeline');
    commands.slice(1).forEach(({ args }) => {
      const first = args[0]?.kind;
      if (first === 'constant' || first === 'dot' || first === 'nil') {
        throw syntaxError('non executable command in pipeline');
      }
    });
    if (!assigns) this.#variables.push(...variables);
    return { variables, assigns, commands };
  }

  #declarations(range: boolean): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const start = this.#in.at;
    const variables: string[] = [];
    for (;;) {
      const token = this.#in.peek();
      if (token.kind !== 'variable') break;
      this.#in.at += 1;
      this.#in.skipSpace();
      const next = this.#in.peek();
      variables.push(token.text);
      if (next.kind === ':=' || next.kind === '=') {
        this.#in.at += 1;
        if (next.kind === '=') for (const name of variables) this.#known(name);
        return { variables, assigns: next.kind === '=' };
      }
      if (next.kind !== ',' || !range || variables.length > 1) break;
      this.#in.at += 1;
      this.#in.skipSpace();
    }
    this.#in.at = start;
    return { variables: [], assigns: false };
  }

  #command(end: 'close' | ')'): Command {
    const args: Operand[] = [];
    for (;;) {
      this.#in.skipSpace();
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const next = this.#in.peek();
      if (next.kind === 'space') continue;
      if (next.kind === '|' || next.kind === end) break;
      throw syntaxError(`unexpected ${shown(next)} in operand`);
    }
    if (args.length === 0) throw syntaxError('empty command');
    return { args };
  }

  #operand(): Operand | undefined {
    const token = this.#in.peek();
    switch (token.kind) {
      case '.':
        this.#in.at += 1;
        return { kind: 'dot' };
      case 'word':
        this.#in.at += 1;
        return wordOperand(token.text);
      case 'string':
        this.#in.at += 1;
        return { kind: 'constant', value: token.text };
      case 'char':
        this.#in.at += 1;
        return { kind: 'constant', value: token.code };
      case 'number':
        this.#in.at += 1;
        return { kind: 'constant', value: numberOf(token.text) };
      case 'field':
        return { kind: 'field', names: this.#fields() };
      case 'variable':
        this.#in.at += 1;
        this.#known(token.text);
        return { kind: 'variable', name: token.text, names: this.#fields() };
      case '(': {
        this.#in.at += 1;
        const pipe = this.#deeper(() => this.#pipe(')'));
        if (this.#in.peek().kind !== ')')
          throw syntaxError(`unexpected ${shown(this.#in.peek())} in parenthesized pipeline`);
        this.#in.at += 1;
        return { kind: 'pipe', pipe, names: this.#fields() };
      }
      default:
        return undefined;
    }
  }

  #fields(): readonly string[] {
    const names: string[] = [];
    for (let token = this.#in.peek(); token.kind === 'field'; token = this.#in.peek()) {
      names.push(token.text);
      this.#in.at += 1;
    }
    return names;
  }

  #known(name: string): void {
    if (!this.#variables.includes(name)) throw syntaxError(`undefined variable ${JSON.stringify(name)}`);
  }
}

function wordOperand(text: string): Operand {
  if (text === 'nil') return { kind: 'nil' };
  if (text === 'true' || text === 'false') return { kind: 'constant', value: text === 'true' };
  if (!templateFunctions.has(text)) throw syntaxError(`function ${JSON.stringify(text)} not defined`);
  return { kind: 'function', name: text };
}

function isBlank(nodes: Nodes): boolean {
  return nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
}
