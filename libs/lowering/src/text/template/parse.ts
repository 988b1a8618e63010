import { syntaxError } from './error.js';
import { templateFunctions } from './functions.js';
import { numberOf } from './number.js';
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
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #loops = 0;
  #variables: string[] = ['$'];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Nodes {
    const { nodes, ending } = this.#list(true);
    if (ending !== 'eof') throw syntaxError(`unexpected {{${ending}}}`);
    return nodes;
  }

  #list(top: boolean): { readonly nodes: Nodes; readonly ending: Ending } {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) return { nodes, ending: 'eof' };
      this.#at += 1;
      if (token.kind === 'text') {
        nodes.push(token);
        continue;
      }
      this.#skipSpace();
      const next = this.#tokens[this.#at];
      const keyword = next?.kind === 'word' ? next.text : '';
      if (keyword === 'end' || keyword === 'else') {
        this.#at += 1;
        if (keyword === 'end') this.#close();
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
        this.#at += 1;
        return this.#control(keyword);
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw syntaxError(`{{${keyword}}} outside {{range}}`);
        this.#at += 1;
        this.#close();
        return { kind: keyword };
      case 'template': {
        this.#at += 1;
        const name = this.#name('template clause');
        const pipe = this.#peek().kind === 'close' ? undefined : this.#pipe('close');
        this.#close();
        return { kind: 'template', name, pipe };
      }
      case 'define': {
        if (!top) throw syntaxError('unexpected {{define}}');
        this.#at += 1;
        const name = this.#name('define clause');
        this.#close();
        this.#define(name);
        return undefined;
      }
      case 'block': {
        this.#at += 1;
        const name = this.#name('block clause');
        const pipe = this.#pipe('close');
        this.#close();
        this.#define(name);
        return { kind: 'template', name, pipe };
      }
      default: {
        const pipe = this.#pipe('close');
        this.#close();
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
    this.#close();
    if (kind === 'range') this.#loops += 1;
    const { nodes: body, ending } = this.#nested();
    if (kind === 'range') this.#loops -= 1;
    const otherwise = ending === 'else' ? this.#otherwise(kind) : [];
    if (ending === 'eof') throw syntaxError('unexpected end of template: an {{end}} is missing');
    this.#variables = variables;
    return { kind, pipe, body, otherwise };
  }

  #otherwise(kind: 'if' | 'with' | 'range'): Nodes {
    this.#skipSpace();
    const next = this.#peek();
    if (next.kind === 'word' && next.text === kind && kind !== 'range') {
      this.#at += 1;
      return [this.#deeper(() => this.#control(kind))];
    }
    this.#close();
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
    this.#skipSpace();
    const { variables, assigns } = this.#declarations(range);
    const commands: Command[] = [];
    for (;;) {
      this.#skipSpace();
      const next = this.#peek();
      if (next.kind === end) break;
      commands.push(this.#command(end));
      if (this.#peek().kind !== '|') break;
      this.#at += 1;
      this.#skipSpace();
      if (this.#peek().kind === end) throw syntaxError('missing value for command');
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
    const start = this.#at;
    const variables: string[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind !== 'variable') break;
      this.#at += 1;
      this.#skipSpace();
      const next = this.#peek();
      variables.push(token.text);
      if (next.kind === ':=' || next.kind === '=') {
        this.#at += 1;
        if (next.kind === '=') for (const name of variables) this.#known(name);
        return { variables, assigns: next.kind === '=' };
      }
      if (next.kind !== ',' || !range || variables.length > 1) break;
      this.#at += 1;
      this.#skipSpace();
    }
    this.#at = start;
    return { variables: [], assigns: false };
  }

  #command(end: 'close' | ')'): Command {
    const args: Operand[] = [];
    for (;;) {
      this.#skipSpace();
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const next = this.#peek();
      if (next.kind === 'space') continue;
      if (next.kind === '|' || next.kind === end) break;
      throw syntaxError(`unexpected ${shown(next)} in operand`);
    }
    if (args.length === 0) throw syntaxError('empty command');
    return { args };
  }

  #operand(): Operand | undefined {
    const token = this.#peek();
    switch (token.kind) {
      case '.':
        this.#at += 1;
        return { kind: 'dot' };
      case 'word':
        this.#at += 1;
        return wordOperand(token.text);
      case 'string':
        this.#at += 1;
        return { kind: 'constant', value: token.text };
      case 'char':
        this.#at += 1;
        return { kind: 'constant', value: token.code };
      case 'number':
        this.#at += 1;
        return { kind: 'constant', value: numberOf(token.text) };
      case 'field':
        return { kind: 'field', names: this.#fields() };
      case 'variable':
        this.#at += 1;
        this.#known(token.text);
        return { kind: 'variable', name: token.text, names: this.#fields() };
      case '(': {
        this.#at += 1;
        const pipe = this.#deeper(() => this.#pipe(')'));
        if (this.#peek().kind !== ')') throw syntaxError(`unexpected ${shown(this.#peek())} in parenthesized pipeline`);
        this.#at += 1;
        return { kind: 'pipe', pipe, names: this.#fields() };
      }
      default:
        return undefined;
    }
  }

  #fields(): readonly string[] {
    const names: string[] = [];
    for (let token = this.#peek(); token.kind === 'field'; token = this.#peek()) {
      names.push(token.text);
      this.#at += 1;
    }
    return names;
  }

  #known(name: string): void {
    if (!this.#variables.includes(name)) throw syntaxError(`undefined variable ${JSON.stringify(name)}`);
  }

  #name(context: string): string {
    this.#skipSpace();
    const token = this.#peek();
    if (token.kind !== 'string') throw syntaxError(`unexpected ${shown(token)} in ${context}`);
    this.#at += 1;
    this.#skipSpace();
    return token.text;
  }

  #close(): void {
    this.#skipSpace();
    const token = this.#peek();
    if (token.kind !== 'close') throw syntaxError(`unexpected ${shown(token)}`);
    this.#at += 1;
  }

  #skipSpace(): void {
    while (this.#tokens[this.#at]?.kind === 'space') this.#at += 1;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'close' };
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

function shown(token: Token): string {
  return 'text' in token ? JSON.stringify(token.text) : `${token.kind}`;
}
