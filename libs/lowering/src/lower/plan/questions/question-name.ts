import type { IrModule, Text } from '@hlb/ir';
import type { FactStep } from '@hlb/plan';
import { fillText, isFillOp } from '../../../text/fill.js';
import { TemplateError } from '../../../text/template/error.js';

/** Names of steps are cut to so many characters: they are for lists. */
const LONGEST_NAME = 120;

const words: Readonly<Record<FactStep['asks'], string>> = {
  command: 'localRun',
  variable: 'localEnv',
  manifest: 'manifest',
  'image-config': 'configuration of',
  paths: 'look up',
  'known-hosts': 'known hosts for',
};

/** A question for people, with `…` for what is not known yet. */
export function questionName(module: IrModule, asks: FactStep['asks'], asked: readonly Text[]): string {
  const all = asks === 'command' || asks === 'paths';
  const said = all ? asked.map((text) => shown(module, text)).join(' ') : shown(module, asked[0]);
  const name = `${words[asks]} ${said}`.replace(/\s+/g, ' ').trim();
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** A text as far as it is known: of one that is made of others, those that are. */
function shown(module: IrModule, text: Text | undefined): string {
  if (text === undefined || typeof text.text === 'string') return typeof text?.text === 'string' ? text.text : '';
  const op = module.ops[text.text];
  if (op === undefined || !isFillOp(op)) return '…';
  try {
    return fillText(op, (part) => (typeof part.text === 'string' ? part.text : '…'));
  } catch (error) {
    if (error instanceof TemplateError) return '…';
    throw error;
  }
}
