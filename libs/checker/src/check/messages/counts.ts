import { type Diagnostic, diagnostic, type Fix, type Label, type Span, span } from '@hlb/diagnostics';
import type { Call, CallStmt, Expr, NodeRange, Stmt } from '@hlb/parser';
import type { Builtin } from '../../builtins/builtin.js';
import { builtinSpan } from '../../builtins/declarations.js';
import { argumentKindOf } from '../calls/argument-order.js';
import type { Target } from '../calls/arguments.js';
import { lookUp } from '../calls/look-up.js';
import type { Place } from '../calls/place.js';
import type { Walk } from '../calls/walk.js';
import { at, type CheckState, type Parameter } from '../state.js';
import { definition } from './names.js';

/** Where the callee is declared: in the program, or in the file of the builtins. */
function targetSpan(state: CheckState, target: Target): Span | undefined {
  if (isBuiltin(target)) return builtinSpan(target);
  return target.kind === 'member' ? target.declared : definition(state, target);
}

function isBuiltin(target: Target): target is Builtin {
  return 'doc' in target;
}

/** C11: more or fewer arguments than there are parameters. */
export function wrongCount(
  walk: Walk,
  call: Call,
  args: readonly Expr[],
  params: readonly Parameter[],
  stmt: CallStmt | undefined,
  target: Target,
  place: Place | undefined,
): Diagnostic {
  const { state } = walk;
  const name = call.member?.text ?? call.name;
  const declared = targetSpan(state, target);
  const related: Omit<Label, 'primary'>[] = [];
  if (call.member !== undefined) related.push({ span: at(state, call.member), message: expectation(params) });
  const helps: string[] = [];
  const missing = missingParameters(walk, args, params);
  const fixes: Fix[] = [];
  if (args.length > params.length) {
    for (const extra of args.slice(params.length)) related.push({ span: at(state, extra), message: 'one too many' });
    helps.push(...helpsForExtra(walk, args, params, stmt === undefined ? undefined : place, fixes));
  } else if (missing.length > 0 && args.length > 0) {
    const names = missing.map((p) => `\`${p.param.name}\` (${p.word})`);
    helps.push(`Missing: ${names.join(', ')}.`);
  }
  if (args.length === 0 && stmt === undefined) helps.push(...helpsForBare(walk, call, params, fixes));
  if (!isBuiltin(target) && target.kind === 'member') related.push({ span: target.imported, message: 'imported here' });
  if (declared !== undefined)
    related.push({ span: declared, message: isBuiltin(target) ? 'builtin' : 'declared here' });
  return diagnostic('HLB0312', {
    message: `\`${name}\` takes ${amount(params)}, but ${given(args.length)}`,
    at: at(state, call.callee.ident),
    label: call.member === undefined ? expectation(params) : '',
    related: mergeExtra(state, related, args, params),
    helps,
    fixes,
  });
}

/** Neighbouring arguments that are too many are one place. */
function mergeExtra(
  state: CheckState,
  related: readonly Omit<Label, 'primary'>[],
  args: readonly Expr[],
  params: readonly Parameter[],
): readonly Omit<Label, 'primary'>[] {
  const first = args[params.length];
  const last = args.at(-1);
  if (first === undefined || last === undefined || first === last) return related;
  const kept = related.filter((label) => label.message !== 'one too many');
  return [
    { span: span(state.file, first.start, last.end), message: `${args.length - params.length} too many` },
    ...kept,
  ];
}

/** `1 argument`, `at least 2 arguments`, `no arguments`. */
function amount(params: readonly Parameter[]): string {
  const variadic = params.at(-1)?.param.variadic === true;
  const least = variadic ? params.length - 1 : params.length;
  if (least === 0) return variadic ? 'any number of arguments' : 'no arguments';
  return `${variadic ? 'at least ' : ''}${least} argument${least === 1 ? '' : 's'}`;
}

function given(count: number): string {
  return count === 0 ? 'none is given' : count === 1 ? '1 is given' : `${count} are given`;
}

function expectation(params: readonly Parameter[]): string {
  if (params.length === 0) return 'takes no arguments';
  return `needs ${params.map((p) => `${p.param.variadic ? '…' : ''}${p.param.name}`).join(', ')}`;
}

/** The parameters that got no argument, judged by the kinds of those that are there. */
function missingParameters(walk: Walk, args: readonly Expr[], params: readonly Parameter[]): readonly Parameter[] {
  const required = params.filter((p) => !p.param.variadic);
  if (args.length >= required.length) return [];
  const missing: Parameter[] = [];
  let next = 0;
  for (const [index, parameter] of required.entries()) {
    const arg = args[next];
    const kind = arg === undefined ? undefined : argumentKindOf(walk, arg);
    const mustTake = required.length - index <= args.length - next;
    const fits = arg !== undefined && (kind === undefined || parameter.place.allowed.includes(kind));
    if (fits || mustTake) next++;
    else missing.push(parameter);
  }
  return missing;
}

/** What may have been meant by arguments that are too many: another statement, or a call's own arguments. */
function helpsForExtra(
  walk: Walk,
  args: readonly Expr[],
  params: readonly Parameter[],
  block: Place | undefined,
  fixes: Fix[],
): readonly string[] {
  const { state } = walk;
  for (const [index, arg] of args.entries()) {
    if (arg.kind !== 'call' || arg.args !== undefined || arg.member !== undefined) continue;
    const text = arg.name;
    if (index >= params.length && block?.kind === 'block' && couldStandIn(walk, text, block)) {
      const before = args[index - 1]?.end ?? arg.start;
      fixes.push({
        title: `Make \`${text}\` a statement`,
        edits: [{ span: span(state.file, before, arg.start), text: '; ' }],
      });
      return [`If \`${text}\` is meant as the next statement, put it on a line of its own, or a \`;\` before it.`];
    }
    const needs = parametersOf(walk, text);
    const taken = needs === undefined ? [] : args.slice(index + 1, index + 1 + needs);
    const last = taken.at(-1);
    if (last === undefined) continue;
    const list = taken.map((a) => state.file.text.slice(a.start, a.end)).join(', ');
    const written = `${text}(${list})`;
    fixes.push({
      title: `Write \`${text}(…)\``,
      edits: [{ span: span(state.file, arg.start, last.end), text: written }],
    });
    return [`Inside a call, the arguments of \`${text}\` stand in parentheses: \`${shorten(written)}\`.`];
  }
  return [];
}

/** Whether a call of this name could be a statement of a block. */
function couldStandIn(walk: Walk, name: string, block: Place): boolean {
  const entry = lookUp(walk.state, walk.scope, name, undefined, undefined);
  switch (entry?.kind) {
    case 'builtin':
      return entry.overloads.some((overload) => block.allowed.includes(overload.builtin.kind));
    case 'function':
      return block.allowed.includes(entry.word);
    case 'alias':
      return block.allowed.includes(entry.symbol.type);
    default:
      return false;
  }
}

/** A call without parentheses whose arguments may have been written without them. */
function helpsForBare(walk: Walk, call: Call, params: readonly Parameter[], fixes: Fix[]): readonly string[] {
  const { text } = walk.state.file;
  if (text[call.callee.end] === '(' || params.length === 0) return [];
  const rest = walk.rest?.call === call ? walk.rest.items : [];
  const last = rest.at(-1);
  if (last === undefined) {
    const shape = params.map((p) => p.param.name).join(', ');
    return [`Inside a call, its arguments stand in parentheses: \`${call.name}(${shape})\`.`];
  }
  const list = rest.flatMap(argumentTexts(walk)).join(', ');
  const written = `${call.name}(${list})`;
  fixes.push({
    title: 'Put the arguments in parentheses',
    edits: [{ span: span(walk.state.file, call.start, last.end), text: written }],
  });
  return [`After \`with\`, the arguments of a call stand in parentheses: \`${shorten(written)}\`.`];
}

/** What a statement would be as arguments. */
function argumentTexts(walk: Walk): (stmt: Stmt) => readonly string[] {
  const textOf = ({ start, end }: NodeRange): string => walk.state.file.text.slice(start, end);
  return (stmt) => (stmt.kind === 'expr-stmt' ? [textOf(stmt)] : [stmt.callee, ...stmt.args].map(textOf));
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 48 ? `${line.slice(0, 45)}…)` : line;
}

/** How many arguments a name needs, if it is known and needs any. */
function parametersOf(walk: Walk, name: string): number | undefined {
  const entry = lookUp(walk.state, walk.scope, name, undefined, undefined);
  switch (entry?.kind) {
    case 'builtin':
      return entry.overloads[0]?.builtin.params.length;
    case 'function':
      return entry.params.length;
    case 'alias':
      return entry.closure.params.length;
    default:
      return undefined;
  }
}

/** Arguments that would all fit in another order. */
export function argumentsSwapped(
  callee: Span,
  state: CheckState,
  args: readonly Expr[],
  params: readonly Parameter[],
  order: readonly number[],
  target: Target,
): Diagnostic {
  const moved = params.flatMap((parameter, index) => {
    const arg = args[index];
    return arg === undefined || order[index] === index ? [] : [{ arg, parameter }];
  });
  const [first, ...rest] = moved;
  const texts = order.map((index) => {
    const arg = args[index];
    return arg === undefined ? '' : state.file.text.slice(arg.start, arg.end);
  });
  const edits = args.flatMap((arg, index) =>
    order[index] === index ? [] : [{ span: at(state, arg), text: texts[index] ?? '' }],
  );
  const name = state.file.text.slice(callee.start, callee.end);
  const declared = targetSpan(state, target);
  return diagnostic('HLB0318', {
    message: `the arguments of \`${name}\` are in the wrong order`,
    ...(first === undefined ? {} : { at: at(state, first.arg) }),
    label: first === undefined ? '' : `\`${first.parameter.param.name}\` (${first.parameter.word}) goes here`,
    related: [
      ...rest.map(({ arg, parameter }) => ({
        span: at(state, arg),
        message: `\`${parameter.param.name}\` (${parameter.word}) goes here`,
      })),
      ...(declared === undefined ? [] : [{ span: declared, message: isBuiltin(target) ? 'builtin' : 'declared here' }]),
    ],
    helps: texts.some((t) => t.includes('\n')) ? [] : [`Write \`${name} ${texts.join(' ')}\`.`],
    fixes: [{ title: 'Put the arguments in order', edits }],
  });
}
