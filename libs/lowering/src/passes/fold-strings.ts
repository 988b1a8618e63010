import { definePass, type OpId, operands, opId, type Pass } from '@hlb/ir';
import { writeKnownTexts, writeText } from '../facts/known-texts.js';
import { templateProblem } from '../lower/texts.js';
import { fillText, isFillOp } from '../text/fill.js';
import { TemplateError } from '../text/template/error.js';

/**
 * Needs: nothing.
 *
 * Ensures: a text that follows from known texts (joined, laid out, formatted, filled in by a template) is written where it is read;
 * ops that depend on what is only known later stay. The ops that made the texts are left for `prune`.
 *
 * Reports: templates that can't be parsed or executed, and how many texts were folded.
 */
export const foldStrings: Pass = definePass({
  name: 'fold-strings',
  doc: 'Writes texts that are known where they are read',
  required: true,
  idempotent: true,
  run(module, ctx) {
    const known = new Map<OpId, string>();
    let texts = 0;
    module.ops.forEach((op, index) => {
      if (!isFillOp(op)) return;
      texts += 1;
      if (operands(op).some((id) => !known.has(id))) return;
      try {
        const value = fillText(op, (text) => {
          const { text: written } = writeText(text, known);
          return typeof written === 'string' ? written : '';
        });
        known.set(opId(index), value);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        ctx.report(templateProblem(op, error));
      }
    });
    if (known.size > 0) ctx.stat('texts', texts, texts - known.size);
    return writeKnownTexts(module, known);
  },
});
