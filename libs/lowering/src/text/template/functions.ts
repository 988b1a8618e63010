import { goSprint, goSprintf, goSprintln } from '../go-format.js';
import { type GoValue, goTypeName } from '../go-value.js';
import { compareValues, equalValues } from './compare.js';
import { executionError } from './error.js';
import { escapeHtml, escapeJs, escapeQuery } from './escape.js';
import { indexValue, lengthOf, sliceValue } from './index-value.js';

/** A function that templates can call, beside `and` and `or`, which evaluate only the arguments that they need. */
export interface TemplateFunction {
  /** The least number of arguments. */
  readonly least: number;
  readonly most: number;
  call(args: readonly GoValue[]): GoValue;
}

const any = Number.POSITIVE_INFINITY;

/** Go's standard functions. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', { least: 1, most: any, call: (args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1) }],
  ['or', { least: 1, most: any, call: (args) => args.find(isTrue) ?? args.at(-1) }],
  ['not', { least: 1, most: 1, call: ([arg]) => !isTrue(arg) }],
  ['len', { least: 1, most: 1, call: ([arg]) => lengthOf(arg) }],
  ['index', { least: 1, most: any, call: ([arg, ...places]) => indexValue(arg, places) }],
  ['slice', { least: 1, most: 4, call: ([arg, ...places]) => sliceValue(arg, places) }],
  ['print', { least: 0, most: any, call: goSprint }],
  ['println', { least: 0, most: any, call: goSprintln }],
  ['printf', { least: 1, most: any, call: ([format, ...args]) => goSprintf(textOf('printf', format), args) }],
  ['html', { least: 0, most: any, call: (args) => escapeHtml(printed(args)) }],
  ['js', { least: 0, most: any, call: (args) => escapeJs(printed(args)) }],
  ['urlquery', { least: 0, most: any, call: (args) => escapeQuery(printed(args)) }],
  ['eq', { least: 2, most: any, call: ([first, ...others]) => others.some((other) => equalValues(first, other)) }],
  ['ne', { least: 2, most: 2, call: ([a, b]) => !equalValues(a, b) }],
  ['lt', { least: 2, most: 2, call: ([a, b]) => compareValues(a, b) < 0 }],
  ['le', { least: 2, most: 2, call: ([a, b]) => compareValues(a, b) <= 0 }],
  ['gt', { least: 2, most: 2, call: ([a, b]) => compareValues(a, b) > 0 }],
  ['ge', { least: 2, most: 2, call: ([a, b]) => compareValues(a, b) >= 0 }],
  [
    'call',
    {
      least: 1,
      most: any,
      call: ([arg]) => {
        const type = arg === undefined ? 'nil' : `non-function of type ${goTypeName(arg)}`;
        throw executionError(`error calling call: ${type}`);
      },
    },
  ],
]);

/** Whether Go's templates take a value for true: anything that is not the empty value of its type. */
export function isTrue(value: GoValue): boolean {
  switch (typeof value) {
    case 'undefined':
      return false;
    case 'string':
      return value !== '';
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    default:
      return value.size > 0;
  }
}

function printed(args: readonly GoValue[]): string {
  const [only] = args;
  return args.length === 1 && typeof only === 'string' ? only : goSprint(args.map((arg) => arg ?? '<no value>'));
}

function textOf(name: string, value: GoValue): string {
  if (typeof value === 'string') return value;
  const type = value === undefined ? 'nil' : goTypeName(value);
  throw executionError(`wrong type for value; expected string; got ${type} as the first argument of ${name}`);
}
