export type {
  ArgList,
  Bad,
  BindClause,
  BindItem,
  BindList,
  Block,
  BoolLit,
  Call,
  CallExpr,
  CallStmt,
  Comment,
  Decl,
  EscapeFragment,
  ExportDecl,
  Expr,
  ExprStmt,
  Field,
  FieldList,
  Fragment,
  FuncDecl,
  FuncLit,
  Heredoc,
  HeredocForm,
  Ident,
  IdentExpr,
  ImportDecl,
  Interpolation,
  IntLit,
  Literal,
  Module,
  Newline,
  Node,
  NodeRange,
  RawHeredoc,
  RawStringLit,
  Stmt,
  StringLit,
  TextFragment,
  Trivia,
  TypeWord,
  WithClause,
} from './ast.js';
export { type ParseResult, parse } from './parse/parse.js';
export { MAX_DEPTH } from './parse/state/parser.js';
export { type FormatResult, format } from './print/format.js';
export { print, printExpression } from './print/print.js';
export {
  constantString,
  decodeString,
  isTextLiteral,
  type StringPart,
  stringValue,
  type TextLiteral,
} from './strings/decode-string.js';
export { escapeText } from './strings/escape-text.js';
export { heredocText } from './strings/heredoc-text.js';
export { commentText, docComment, docComments } from './tree/doc-comment.js';
export { printAst, printAstJson } from './tree/dump.js';
export { children, forEachChild, type Visitor, visit } from './tree/walk.js';
