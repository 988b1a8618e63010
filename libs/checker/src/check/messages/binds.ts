import { type Diagnostic, diagnostic, nearest, type Span } from '@hlb/diagnostics';
import type { Builtin } from '../../builtins/builtin.js';
import type { FunctionEntry } from '../state.js';

/** S2: `as` with nothing after it. */
export function bindWithoutTarget(keyword: Span): Diagnostic {
  return diagnostic('HLB0320', {
    message: '`as` binds a result to a name, but no name follows',
    at: keyword,
    label: 'a name is missing',
    helps: ['Write a name after it, for example `as result`, or remove the `as`.'],
  });
}

/** S3: a bind in a block that belongs to no function which could be called for the bound value. */
export function bindOutOfPlace(keyword: Span, type: Span, word: string, isOptionFunction: boolean): Diagnostic {
  return diagnostic('HLB0321', {
    message: isOptionFunction
      ? 'nothing can be bound in the body of an option function'
      : 'nothing can be bound in this block',
    at: keyword,
    label: 'no bind is possible here',
    related: [{ span: type, message: isOptionFunction ? 'an option function' : `in this \`${word}\` block` }],
    helps: [
      'A bind may stand directly in the body of a function that is not an option, or directly in the `with option { … }` of a statement.',
      isOptionFunction
        ? 'Move the call that is bound into the `with option { … }` of the statement that uses this function.'
        : 'Move this block into a function of its own, and call that.',
    ],
  });
}

/** S4: `as` on a call that has one result only. */
export function bindWithoutEffects(
  keyword: Span,
  name: string,
  declared: Span | undefined,
  entry: FunctionEntry | 'builtin' | undefined,
): Diagnostic {
  const effects = entry === 'builtin' ? undefined : entry?.symbol.decl.effects;
  return diagnostic('HLB0322', {
    message: `\`${name}\` has nothing that could be bound`,
    at: keyword,
    label: 'not possible on this call',
    related:
      declared === undefined
        ? []
        : [{ span: declared, message: entry === 'builtin' ? 'builtin' : `\`${name}\` is declared here` }],
    notes:
      effects === undefined
        ? []
        : ['The `binds` clause of a function does not make results: only those of builtins can be bound.'],
    helps: [
      'Results that can be bound come from `mount` (`target`), `dockerPush` (`digest`) and `manifest` (`digest`, `config`, `index`).',
    ],
  });
}

/** S5: `as (effect name)` with an effect that the callee lacks. */
export function unknownEffect(here: Span, name: string, row: Builtin, callee: Span): Diagnostic {
  const names = row.effects.map((e) => e.name);
  const meant = nearest(name, names);
  const only = names.length === 1 ? names[0] : undefined;
  const replacement = meant ?? only;
  return diagnostic('HLB0323', {
    message: `\`${row.name}\` has no result named \`${name}\``,
    at: here,
    label: replacement === undefined ? 'no such result' : `did you mean \`${replacement}\`?`,
    related: [{ span: callee, message: `its results are ${names.map((n) => `\`${n}\``).join(', ')}` }],
    fixes:
      replacement === undefined
        ? []
        : [{ title: `Write \`${replacement}\``, edits: [{ span: here, text: replacement }] }],
  });
}
