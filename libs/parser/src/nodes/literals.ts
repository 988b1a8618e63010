import type {
  Block,
  Fragment,
  FuncLit,
  Heredoc,
  HeredocForm,
  Interpolation,
  IntLit,
  NodeRange,
  StringLit,
  TypeWord,
} from '../ast.js';
import { share } from './share.js';
import { TextNode } from './words.js';

/** A string without escapes and interpolations, as nearly all are. */
export class PlainStringNode implements StringLit {
  declare readonly kind: 'string';
  readonly start: number;
  readonly end: number;
  readonly plain: string;

  constructor(start: number, end: number, plain: string) {
    this.start = start;
    this.end = end;
    this.plain = plain;
  }

  get fragments(): readonly Fragment[] {
    return this.plain === '' ? [] : [new TextNode(this.start + 1, this.plain)];
  }
}

export class StringNode implements StringLit {
  declare readonly kind: 'string';
  declare readonly plain: undefined;
  readonly start: number;
  readonly end: number;
  readonly fragments: readonly Fragment[];

  constructor(start: number, end: number, fragments: readonly Fragment[]) {
    this.start = start;
    this.end = end;
    this.fragments = fragments;
  }
}

export class HeredocNode implements Heredoc {
  declare readonly kind: 'heredoc';
  readonly start: number;
  readonly end: number;
  readonly form: HeredocForm;
  readonly delimiter: string;
  readonly fragments: readonly Fragment[];
  readonly openerEnd: number;
  readonly closerStart: number;

  constructor(
    start: number,
    end: number,
    written: { readonly form: HeredocForm; readonly delimiter: string },
    openerEnd: number,
    fragments: readonly Fragment[],
    closerStart: number,
  ) {
    this.start = start;
    this.end = end;
    this.form = written.form;
    this.delimiter = written.delimiter;
    this.fragments = fragments;
    this.openerEnd = openerEnd;
    this.closerStart = closerStart;
  }

  get opener(): NodeRange {
    return { start: this.start, end: this.openerEnd };
  }

  get closer(): NodeRange {
    return { start: this.closerStart, end: this.end };
  }
}

export class IntNode implements IntLit {
  declare readonly kind: 'int';
  readonly start: number;
  readonly end: number;
  readonly base: IntLit['base'];
  readonly value: bigint;

  constructor(start: number, end: number, base: IntLit['base'], value: bigint) {
    this.start = start;
    this.end = end;
    this.base = base;
    this.value = value;
  }
}

export class InterpolationNode implements Interpolation {
  declare readonly kind: 'interpolation';
  readonly start: number;
  readonly end: number;
  readonly expr: Interpolation['expr'];

  constructor(start: number, end: number, expr: Interpolation['expr']) {
    this.start = start;
    this.end = end;
    this.expr = expr;
  }
}

export class BlockNode implements Block {
  declare readonly kind: 'block';
  readonly start: number;
  readonly end: number;
  readonly items: Block['items'];

  constructor(start: number, end: number, items: Block['items']) {
    this.start = start;
    this.end = end;
    this.items = items;
  }
}

export class FuncLitNode implements FuncLit {
  declare readonly kind: 'func-lit';
  readonly type: TypeWord;
  readonly body: Block;

  constructor(type: TypeWord, body: Block) {
    this.type = type;
    this.body = body;
  }

  get start(): number {
    return this.type.start;
  }

  get end(): number {
    return this.body.end;
  }
}

share(PlainStringNode, { kind: 'string' });
share(StringNode, { kind: 'string', plain: undefined });
share(HeredocNode, { kind: 'heredoc' });
share(IntNode, { kind: 'int' });
share(InterpolationNode, { kind: 'interpolation' });
share(BlockNode, { kind: 'block' });
share(FuncLitNode, { kind: 'func-lit' });
