import { goSprint } from '../go-format.js';
import { type GoValue, goTypeName } from '../go-value.js';
import { executionError, TemplateError } from './error.js';
import { isTrue, templateFunctions } from './functions.js';
import { parseTemplate } from './parse.js';
import type { Command, Nodes, Operand, Pipe, Template, TemplateNode } from './tree.js';

/** Templates that call each other deeper than this have no end. */
const depthLimit = 400;
/** No template of a build prints more than this many characters. */
const sizeLimit = 64 * 1024 * 1024;

/**
 * Parses and executes a template of Go's `text/template` over a map of texts.
 *
 * @throws {TemplateError}
 */
export function runTemplate(source: string, fields: ReadonlyMap<string, string>): string {
  const template = parseTemplate(source);
  const run = new TemplateRun(template);
  run.template(template.root, fields);
  return run.printed();
}

interface Variable {
  readonly name: string;
  value: GoValue;
}

/** How a list of nodes ended: by itself, or by leaving the loop around it. */
type Ending = 'end' | 'break' | 'continue';

class TemplateRun {
  readonly #template: Template;
  readonly #texts: string[] = [];
  #size = 0;
  #variables: Variable[] = [];
  #depth = 0;

  constructor(template: Template) {
    this.#template = template;
  }

  printed(): string {
    return this.#texts.join('');
  }

  template(nodes: Nodes, dot: GoValue): void {
    this.#depth += 1;
    if (this.#depth > depthLimit) throw executionError(`exceeded maximum template depth (${depthLimit})`);
    const outer = this.#variables;
    this.#variables = [{ name: '$', value: dot }];
    this.#nodes(nodes, dot);
    this.#variables = outer;
    this.#depth -= 1;
  }

  #nodes(nodes: Nodes, dot: GoValue): Ending {
    for (const node of nodes) {
      const ending = this.#node(node, dot);
      if (ending !== 'end') return ending;
    }
    return 'end';
  }

  #node(node: TemplateNode, dot: GoValue): Ending {
    switch (node.kind) {
      case 'text':
        this.#print(node.text);
        return 'end';
      case 'action': {
        const value = this.#pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.#print(value === undefined ? '<no value>' : goSprint([value]));
        return 'end';
      }
      case 'if':
      case 'with':
        return this.#scoped(() => {
          const value = this.#pipe(node.pipe, dot);
          if (!isTrue(value)) return this.#nodes(node.otherwise, dot);
          return this.#nodes(node.body, node.kind === 'with' ? value : dot);
        });
      case 'range':
        return this.#scoped(() => this.#range(node.pipe, node.body, node.otherwise, dot));
      case 'template': {
        const nodes = this.#template.named.get(node.name);
        if (nodes === undefined) throw executionError(`template ${JSON.stringify(node.name)} not defined`);
        this.template(nodes, node.pipe === undefined ? undefined : this.#pipe(node.pipe, dot));
        return 'end';
      }
      case 'break':
      case 'continue':
        return node.kind;
    }
  }

  #range(pipe: Pipe, body: Nodes, otherwise: Nodes, dot: GoValue): Ending {
    const value = this.#pipe({ ...pipe, variables: [] }, dot);
    let any = false;
    for (const [key, item] of items(value)) {
      any = true;
      const ending = this.#scoped(() => {
        this.#loopVariables(pipe, key, item);
        return this.#nodes(body, item);
      });
      if (ending === 'break') break;
    }
    return any ? 'end' : this.#nodes(otherwise, dot);
  }

  #loopVariables({ variables, assigns }: Pipe, key: GoValue, item: GoValue): void {
    const [first, second] = variables;
    const values: readonly (readonly [string | undefined, GoValue])[] =
      second === undefined
        ? [[first, item]]
        : [
            [first, key],
            [second, item],
          ];
    for (const [name, value] of values) if (name !== undefined) this.#set(name, value, assigns);
  }

  #pipe(pipe: Pipe, dot: GoValue): GoValue {
    let value: GoValue;
    pipe.commands.forEach((command, index) => {
      value = this.#command(command, dot, index === 0 ? [] : [value]);
    });
    for (const name of pipe.variables) this.#set(name, value, pipe.assigns);
    return value;
  }

  #command({ args }: Command, dot: GoValue, last: readonly GoValue[]): GoValue {
    const [first, ...others] = args;
    if (first === undefined) throw executionError('empty command');
    if (first.kind === 'function') return this.#call(first.name, others, dot, last);
    if (others.length > 0 || last.length > 0) {
      throw executionError(`can't give argument to non-function ${shown(first)}`);
    }
    if (first.kind === 'nil') throw executionError('nil is not a command');
    return this.#operand(first, dot);
  }

  #call(name: string, args: readonly Operand[], dot: GoValue, last: readonly GoValue[]): GoValue {
    const found = templateFunctions.get(name);
    if (found === undefined) throw executionError(`${JSON.stringify(name)} is not a defined function`);
    const count = args.length + last.length;
    if (count < found.least || count > found.most) {
      throw executionError(`wrong number of args for ${name}: want ${wanted(found)} got ${count}`);
    }
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, args, dot, last);
    const values = [...args.map((arg) => this.#operand(arg, dot)), ...last];
    try {
      return found.call(values);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw executionError(`error calling ${name}: ${error.message}`);
    }
  }

  #shortCircuit(name: 'and' | 'or', args: readonly Operand[], dot: GoValue, last: readonly GoValue[]): GoValue {
    let value: GoValue;
    for (const arg of args) {
      value = this.#operand(arg, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return last.length > 0 ? last[0] : value;
  }

  #operand(operand: Operand, dot: GoValue): GoValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return undefined;
      case 'constant':
        return operand.value;
      case 'field':
        return fieldOf(dot, operand.names);
      case 'variable':
        return fieldOf(this.#variables.findLast(({ name }) => name === operand.name)?.value, operand.names);
      case 'pipe':
        return fieldOf(
          this.#scoped(() => this.#pipe(operand.pipe, dot)),
          operand.names,
        );
      case 'function':
        return this.#call(operand.name, [], dot, []);
    }
  }

  #set(name: string, value: GoValue, assigns: boolean): void {
    const known = assigns ? this.#variables.findLast((variable) => variable.name === name) : undefined;
    if (known === undefined) this.#variables.push({ name, value });
    else known.value = value;
  }

  /** Variables that are declared inside are gone afterwards. */
  #scoped<T>(run: () => T): T {
    const count = this.#variables.length;
    const result = run();
    this.#variables.length = count;
    return result;
  }

  #print(text: string): void {
    this.#size += text.length;
    if (this.#size > sizeLimit) throw executionError('the template prints more than 64 MiB');
    this.#texts.push(text);
  }
}

/** What a range goes through: entries of a map by key, numbers below an `int`, nothing for a missing value. */
function* items(value: GoValue): Generator<readonly [GoValue, GoValue]> {
  if (value === undefined) return;
  if (typeof value === 'bigint') {
    for (let at = 0n; at < value; at += 1n) yield [at, at];
  } else if (typeof value === 'object') {
    for (const entry of [...value].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) yield entry;
  } else {
    throw executionError(`range can't iterate over ${goSprint([value])}`);
  }
}

function fieldOf(value: GoValue, names: readonly string[]): GoValue {
  let found = value;
  for (const name of names) {
    if (found === undefined) throw executionError(`nil data; no entry for key ${JSON.stringify(name)}`);
    if (typeof found !== 'object') {
      throw executionError(`can't evaluate field ${name} in type ${goTypeName(found)}`);
    }
    found = found.get(name);
  }
  return found;
}

function wanted({ least, most }: { readonly least: number; readonly most: number }): string {
  return least === most ? `${least}` : `at least ${least}`;
}

function shown(operand: Operand): string {
  switch (operand.kind) {
    case 'field':
      return `.${operand.names.join('.')}`;
    case 'variable':
      return [operand.name, ...operand.names].join('.');
    case 'constant':
      return typeof operand.value === 'string' ? JSON.stringify(operand.value) : goSprint([operand.value]);
    default:
      return operand.kind === 'dot' ? '.' : operand.kind;
  }
}
