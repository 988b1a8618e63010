import type { SourceFile } from '@hlb/diagnostics';

/**
 * The syntax tree of HLB. It is lossless where it matters to a reader: comments and newlines stand in the lists of items in
 * which they were written, so that printing the tree is formatting it.
 *
 * `start` and `end` are UTF-16 offsets into the module's file, half-open; a node ends where its last token ends.
 * Recovered input gives `bad` nodes; names that are missing have an empty text and an empty range.
 */
export interface NodeRange {
  readonly start: number;
  readonly end: number;
}

export interface Module extends NodeRange {
  readonly kind: 'module';
  readonly file: SourceFile;
  readonly decls: readonly Decl[];
}

export type Decl = ImportDecl | ExportDecl | FuncDecl | Trivia | Bad;

/** What has no meaning: a line's end, or a comment. */
export type Trivia = Newline | Comment;

export interface Newline extends NodeRange {
  readonly kind: 'newline';
}

/** From `#` to the end of the line, the newline excluded; a carriage return before it belongs to the text. */
export interface Comment extends NodeRange {
  readonly kind: 'comment';
  readonly text: string;
}

/** Input that no rule took; a diagnostic points at it. It prints as it was written. */
export interface Bad extends NodeRange {
  readonly kind: 'bad';
  readonly text: string;
}

export interface Ident extends NodeRange {
  readonly kind: 'ident';
  readonly text: string;
}

/** `import name from expr`, or the deprecated `import name "path"`. */
export interface ImportDecl extends NodeRange {
  readonly kind: 'import';
  readonly name: Ident;
  /** The span of the word `from`; absent in the deprecated form. */
  readonly from: NodeRange | undefined;
  /** A string literal in the deprecated form. */
  readonly expr: Expr;
}

export interface ExportDecl extends NodeRange {
  readonly kind: 'export';
  readonly name: Ident;
}

export interface FuncDecl extends NodeRange {
  readonly kind: 'func';
  readonly type: TypeWord;
  readonly name: Ident;
  readonly params: FieldList;
  readonly effects: FieldList | undefined;
  readonly body: Block | undefined;
}

/** The kind as written: `fs`, `option::run`, or any other identifier. */
export interface TypeWord extends NodeRange {
  readonly kind: 'type';
  readonly text: string;
}

export interface FieldList extends NodeRange {
  readonly kind: 'fields';
  readonly items: readonly (Field | Trivia | Bad)[];
}

export interface Field extends NodeRange {
  readonly kind: 'field';
  readonly variadic: NodeRange | undefined;
  readonly type: TypeWord;
  readonly name: Ident;
}

/** Braces and what stands between them; `start` is at `{`, `end` after `}`. */
export interface Block extends NodeRange {
  readonly kind: 'block';
  readonly items: readonly (Stmt | Trivia | Bad)[];
}

export type Stmt = CallStmt | ExprStmt;

/** What calls have in common, whether they are statements or expressions. */
export interface Call extends NodeRange {
  /** The calls of a module have numbers, from 0 in order of place: what is known of them can stand in arrays. */
  readonly number: number;
  /** The callee's name, or the import that it is of: `callee.ident.text`. */
  readonly name: string;
  /** `callee.member`. */
  readonly member: Ident | undefined;
  /** The callee as a node. It is perhaps made when it is asked for: the call is what has an identity. */
  readonly callee: IdentExpr;
}

/** A call as a statement. Its terminator (`;`, newline or comment) is not part of its range; newline and comment are items of the block. */
export interface CallStmt extends Call {
  readonly kind: 'call-stmt';
  readonly args: readonly Expr[];
  readonly with: WithClause | undefined;
  readonly bind: BindClause | undefined;
  /** The `;` that ends it, where one does. */
  readonly semicolon?: NodeRange | undefined;
}

/** A literal as a statement: the value of a block. */
export interface ExprStmt extends NodeRange {
  readonly kind: 'expr-stmt';
  readonly expr: Expr;
  /** The `;` that ends it, where one does. */
  readonly semicolon?: NodeRange | undefined;
}

export interface WithClause extends NodeRange {
  readonly kind: 'with';
  /** The word `with`. */
  readonly keyword: NodeRange;
  readonly expr: Expr;
}

/** `as name`, `as (effect name, …)`, `as ()` or, which is an error of the checker, `as` alone. */
export interface BindClause extends NodeRange {
  readonly kind: 'bind';
  /** The word `as`. */
  readonly keyword: NodeRange;
  readonly target: Ident | BindList | undefined;
}

export interface BindList extends NodeRange {
  readonly kind: 'bind-list';
  readonly items: readonly (BindItem | Trivia | Bad)[];
}

export interface BindItem extends NodeRange {
  readonly kind: 'bind-item';
  readonly effect: Ident;
  readonly name: Ident;
}

export type Expr = FuncLit | Literal | CallExpr | Bad;

export type Literal = IntLit | BoolLit | StringLit | RawStringLit | Heredoc | RawHeredoc;

/** `fs { … }`, `option { … }`: a block with its type. */
export interface FuncLit extends NodeRange {
  readonly kind: 'func-lit';
  readonly type: TypeWord;
  readonly body: Block;
}

export interface IntLit extends NodeRange {
  readonly kind: 'int';
  readonly base: 2 | 8 | 10 | 16;
  /** Signed 64 bit. */
  readonly value: bigint;
}

export interface BoolLit extends NodeRange {
  readonly kind: 'bool';
  readonly value: boolean;
}

/** `"…"`: fragments in order; neighbouring texts are separate where an escape stands between them. */
export interface StringLit extends NodeRange {
  readonly kind: 'string';
  /** What it says, where it has neither escapes nor interpolations. */
  readonly plain: string | undefined;
  /** Perhaps made when they are asked for. */
  readonly fragments: readonly Fragment[];
}

/** `` `…` ``, verbatim. */
export interface RawStringLit extends NodeRange {
  readonly kind: 'raw-string';
  readonly text: string;
}

/** How a heredoc's text is laid out: as it is, without the common indent, or on one line. */
export type HeredocForm = 'literal' | 'dedent' | 'fold';

export interface Heredoc extends NodeRange {
  readonly kind: 'heredoc';
  readonly form: HeredocForm;
  readonly delimiter: string;
  /** `<<EOM` as written. */
  readonly opener: NodeRange;
  /** The body's fragments; blanks and newlines included. */
  readonly fragments: readonly Fragment[];
  /** The closing delimiter. */
  readonly closer: NodeRange;
}

export interface RawHeredoc extends NodeRange {
  readonly kind: 'raw-heredoc';
  readonly form: HeredocForm;
  readonly delimiter: string;
  readonly opener: NodeRange;
  /** The body, verbatim. */
  readonly text: string;
  readonly closer: NodeRange;
}

export type Fragment = TextFragment | EscapeFragment | Interpolation;

export interface TextFragment extends NodeRange {
  readonly kind: 'text';
  readonly text: string;
}

/** A backslash and what it escapes, as written (`\n`, `\$`, `\x41`). What it stands for depends on the literal around it. */
export interface EscapeFragment extends NodeRange {
  readonly kind: 'escape';
  readonly text: string;
}

/** `${expr}`; without an expression a diagnostic was reported. */
export interface Interpolation extends NodeRange {
  readonly kind: 'interpolation';
  readonly expr: Expr | undefined;
}

/** A call where a value is expected: `name`, `name(args)`, `module.name(args)`. */
export interface CallExpr extends Call {
  readonly kind: 'call';
  /** Absent where no parentheses were written. */
  readonly args: ArgList | undefined;
}

export interface ArgList extends NodeRange {
  readonly kind: 'args';
  readonly items: readonly (Expr | Trivia)[];
}

/** `x`, or `x.y` where `x` names an import. */
export interface IdentExpr extends NodeRange {
  readonly kind: 'ident-expr';
  /** The number of its call. */
  readonly number: number;
  /** `ident.text`. */
  readonly name: string;
  readonly ident: Ident;
  readonly member: Ident | undefined;
}

export type Node =
  | Module
  | Decl
  | Ident
  | TypeWord
  | FieldList
  | Field
  | Block
  | Stmt
  | WithClause
  | BindClause
  | BindList
  | BindItem
  | Expr
  | Fragment
  | ArgList
  | IdentExpr;
