import type { Shape, ShapeData } from './shape.js';

/** An attribute as a row of a table describes it. */
export interface Attribute<T> {
  readonly shape: Shape<T>;
  /** In the text form: at its place after the kind, or as `name=value` (a flag by its name alone). */
  readonly form: 'positional' | 'named';
  /** The value that the text form leaves out; only for named ones. */
  readonly omitted: T | undefined;
  /** A sentence without a full stop. */
  readonly doc: string;
}

/** The attributes of `T`, each with its shape: one that is missing here or there doesn't compile. */
export type Attributes<T> = {
  readonly [Name in Exclude<keyof T, 'kind' | 'origins' | 'at' | 'caller'>]: Attribute<T[Name]>;
};

/** The same with the types of values forgotten, for what handles all alike. */
export interface AttributeRow {
  readonly name: string;
  readonly shape: ShapeData;
  readonly form: 'positional' | 'named';
  readonly omitted: unknown;
  readonly doc: string;
}

export function positional<T>(shape: Shape<T>, doc: string): Attribute<T> {
  return { shape, form: 'positional', omitted: undefined, doc };
}

/** A named attribute that may be absent, empty or false, and is left out then. */
export function named<T>(shape: Shape<T>, doc: string): Attribute<T>;
/** A named attribute that is left out where it has a value that goes without saying. */
export function named<T>(shape: Shape<T>, doc: string, omitted: NoInfer<T>): Attribute<T>;
export function named<T>(shape: Shape<T>, doc: string, omitted?: T): Attribute<T> {
  return { shape, form: 'named', omitted, doc };
}

/** Whether the text form leaves an attribute with this value out. */
export function isOmitted(attribute: AttributeRow, value: unknown): boolean {
  if (attribute.form === 'positional') return false;
  switch (attribute.shape.type) {
    case 'optional':
      return value === undefined;
    case 'flag':
      return value === false;
    case 'list':
    case 'pairs':
    case 'options':
      return Array.isArray(value) && value.length === 0;
    default:
      return value === attribute.omitted;
  }
}

/** The value of a named attribute that the text form doesn't mention. */
export function omittedValue(attribute: AttributeRow): unknown {
  switch (attribute.shape.type) {
    case 'optional':
      return undefined;
    case 'flag':
      return false;
    case 'list':
    case 'pairs':
    case 'options':
      return [];
    default:
      return attribute.omitted;
  }
}

/** Whether an attribute must be written. */
export function isRequired(attribute: AttributeRow): boolean {
  if (attribute.form === 'positional') return true;
  switch (attribute.shape.type) {
    case 'optional':
    case 'flag':
    case 'list':
    case 'pairs':
    case 'options':
      return false;
    default:
      return attribute.omitted === undefined;
  }
}

export function attributeRows(attributes: {
  readonly [name: string]: Omit<AttributeRow, 'name'>;
}): readonly AttributeRow[] {
  return Object.entries(attributes).map(([name, { shape, form, omitted, doc }]) => ({
    name,
    shape,
    form,
    omitted,
    doc,
  }));
}
