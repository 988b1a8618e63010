import type { ConcatOp, FormatOp, LayoutOp, TemplateOp, Text } from '@hlb/ir';
import { heredocText } from '@hlb/parser';
import { goSprintf } from './go-format.js';
import { runTemplate } from './template/run.js';

/** String ops whose value follows from their texts alone. */
export type FillOp = ConcatOp | LayoutOp | FormatOp | TemplateOp;

export function isFillOp(op: { readonly kind: string }): op is FillOp {
  return op.kind === 'concat' || op.kind === 'layout' || op.kind === 'format' || op.kind === 'template';
}

/**
 * The value of such an op, all its texts known.
 *
 * @throws {TemplateError} for a template that can't be parsed or executed
 */
export function fillText(op: FillOp, read: (text: Text) => string): string {
  switch (op.kind) {
    case 'concat':
      return op.parts.map(read).join('');
    case 'layout':
      return heredocText(op.form, read(op.text));
    case 'format':
      return goSprintf(read(op.format), op.values.map(read));
    case 'template':
      return runTemplate(read(op.template), new Map(op.fields.map(({ name, value }) => [read(name), read(value)])));
  }
}
