import type { Bad, Comment, EscapeFragment, Ident, Newline, TextFragment, TypeWord } from '../ast.js';
import { share } from './share.js';

/** Nodes of one token, which end where their text ends. */

/** A node that is its text. */
class Written {
  readonly start: number;
  readonly text: string;

  constructor(start: number, text: string) {
    this.start = start;
    this.text = text;
  }

  get end(): number {
    return this.start + this.text.length;
  }
}

export class IdentNode extends Written implements Ident {
  declare readonly kind: 'ident';
}

export class TypeNode extends Written implements TypeWord {
  declare readonly kind: 'type';
}

export class TextNode extends Written implements TextFragment {
  declare readonly kind: 'text';
}

export class EscapeNode extends Written implements EscapeFragment {
  declare readonly kind: 'escape';
}

export class CommentNode extends Written implements Comment {
  declare readonly kind: 'comment';
}

export class BadNode extends Written implements Bad {
  declare readonly kind: 'bad';
}

export class NewlineNode implements Newline {
  declare readonly kind: 'newline';
  readonly start: number;

  constructor(start: number) {
    this.start = start;
  }

  get end(): number {
    return this.start + 1;
  }
}

share(IdentNode, { kind: 'ident' });
share(TypeNode, { kind: 'type' });
share(TextNode, { kind: 'text' });
share(EscapeNode, { kind: 'escape' });
share(CommentNode, { kind: 'comment' });
share(BadNode, { kind: 'bad' });
share(NewlineNode, { kind: 'newline' });
