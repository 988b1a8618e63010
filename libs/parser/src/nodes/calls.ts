import type { ArgList, BindClause, CallExpr, CallStmt, Expr, Ident, IdentExpr, NodeRange, WithClause } from '../ast.js';
import { share } from './share.js';
import { IdentNode } from './words.js';

/** The callee of a call, which keeps its parts in fields of its own. */
export class CalleeNode implements IdentExpr {
  declare readonly kind: 'ident-expr';
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly member: Ident | undefined;

  constructor(number: number, start: number, end: number, name: string, member: Ident | undefined) {
    this.number = number;
    this.start = start;
    this.end = end;
    this.name = name;
    this.member = member;
  }

  get ident(): Ident {
    return new IdentNode(this.start, this.name);
  }
}

/** A name and nothing else where a value is expected. */
export class NameNode implements CallExpr {
  declare readonly kind: 'call';
  declare readonly member: undefined;
  declare readonly args: undefined;
  readonly number: number;
  readonly start: number;
  readonly name: string;

  constructor(number: number, start: number, name: string) {
    this.number = number;
    this.start = start;
    this.name = name;
  }

  get end(): number {
    return this.start + this.name.length;
  }

  get callee(): IdentExpr {
    return new CalleeNode(this.number, this.start, this.end, this.name, undefined);
  }
}

/** What tells of itself by the callee that it keeps. */
class CalledNode {
  readonly callee: IdentExpr;

  constructor(callee: IdentExpr) {
    this.callee = callee;
  }

  get number(): number {
    return this.callee.number;
  }

  get name(): string {
    return this.callee.name;
  }

  get member(): Ident | undefined {
    return this.callee.member;
  }

  get start(): number {
    return this.callee.start;
  }
}

export class CallNode extends CalledNode implements CallExpr {
  declare readonly kind: 'call';
  readonly args: ArgList | undefined;

  constructor(callee: IdentExpr, args: ArgList | undefined) {
    super(callee);
    this.args = args;
  }

  get end(): number {
    return this.args === undefined ? this.callee.end : this.args.end;
  }
}

/** A statement that calls something of this module, and neither binds anything nor ends with a `;`. */
export class PlainStmtNode implements CallStmt {
  declare readonly kind: 'call-stmt';
  declare readonly member: undefined;
  declare readonly bind: undefined;
  declare readonly semicolon: undefined;
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly args: readonly Expr[];
  readonly with: WithClause | undefined;

  constructor(callee: IdentExpr, end: number, args: readonly Expr[], options: WithClause | undefined) {
    this.number = callee.number;
    this.start = callee.start;
    this.end = end;
    this.name = callee.name;
    this.args = args;
    this.with = options;
  }

  get callee(): IdentExpr {
    return new CalleeNode(this.number, this.start, this.start + this.name.length, this.name, undefined);
  }
}

export class StmtNode extends CalledNode implements CallStmt {
  declare readonly kind: 'call-stmt';
  readonly end: number;
  readonly args: readonly Expr[];
  readonly with: WithClause | undefined;
  readonly bind: BindClause | undefined;
  readonly semicolon: NodeRange | undefined;

  constructor(
    callee: IdentExpr,
    end: number,
    args: readonly Expr[],
    options: WithClause | undefined,
    bind: BindClause | undefined,
    semicolon: NodeRange | undefined,
  ) {
    super(callee);
    this.end = end;
    this.args = args;
    this.with = options;
    this.bind = bind;
    this.semicolon = semicolon;
  }
}

/** The word `with` is four characters, and its options end it. */
export class WithNode implements WithClause {
  declare readonly kind: 'with';
  readonly start: number;
  readonly expr: Expr;

  constructor(start: number, expr: Expr) {
    this.start = start;
    this.expr = expr;
  }

  get end(): number {
    return this.expr.end;
  }

  get keyword(): NodeRange {
    return { start: this.start, end: this.start + 'with'.length };
  }
}

share(CalleeNode, { kind: 'ident-expr' });
share(NameNode, { kind: 'call', member: undefined, args: undefined });
share(CallNode, { kind: 'call' });
share(PlainStmtNode, { kind: 'call-stmt', member: undefined, bind: undefined, semicolon: undefined });
share(StmtNode, { kind: 'call-stmt' });
share(WithNode, { kind: 'with' });
