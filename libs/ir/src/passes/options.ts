/**
 * A schema of a pass's options: what the Standard Schema specification (version 1) asks of a schema, so that those of zod, valibot,
 * arktype and others are schemas here as they are.
 */
export interface OptionsSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => OptionsResult<Output> | Promise<OptionsResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type OptionsResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly OptionsIssue[] };

export interface OptionsIssue {
  readonly message: string;
  /** The way to the value that is wrong; absent for the options as a whole. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** An option of a schema that `passOptions` makes. */
export type OptionRow =
  | OptionRowOf<'string', string>
  | OptionRowOf<'boolean', boolean>
  | OptionRowOf<'integer', number>
  | OptionRowOf<'strings', readonly string[]>;

interface OptionRowOf<Type extends string, Value> {
  readonly type: Type;
  /** A sentence without a full stop. */
  readonly doc: string;
  /** What it is when not given. Without it and without `required`, it is `undefined` then. */
  readonly default?: Value;
  readonly required?: boolean;
}

type ValueOf<Row extends OptionRow> =
  Row extends OptionRowOf<'string', string>
    ? string
    : Row extends OptionRowOf<'boolean', boolean>
      ? boolean
      : Row extends OptionRowOf<'integer', number>
        ? number
        : readonly string[];

type Present<Row extends OptionRow> = Row extends { readonly default: unknown } | { readonly required: true }
  ? ValueOf<Row>
  : ValueOf<Row> | undefined;

export type OptionsOf<Rows extends { readonly [name: string]: OptionRow }> = {
  readonly [Name in keyof Rows]: Present<Rows[Name]>;
};

/**
 * A schema of named options, for passes that need no library for it. Also the schema's rows, for what shows them:
 * `hlb passes` lists them.
 */
export function passOptions<const Rows extends { readonly [name: string]: OptionRow }>(
  rows: Rows,
): OptionsSchema<OptionsOf<Rows>> & { readonly rows: Rows } {
  return {
    rows,
    '~standard': {
      version: 1,
      vendor: 'hlb',
      validate: (value) => {
        const { values, issues } = readOptions(rows, value);
        // What has no issues has a value of its type for each row.
        return issues.length > 0 ? { issues } : { value: values as OptionsOf<Rows> };
      },
    },
  };
}

function readOptions(
  rows: { readonly [name: string]: OptionRow },
  given: unknown,
): { readonly values: Readonly<Record<string, unknown>>; readonly issues: readonly OptionsIssue[] } {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    return { values: {}, issues: [{ message: 'expected an object with options' }] };
  }
  const present: ReadonlyMap<string, unknown> = new Map(Object.entries(given ?? {}));
  const issues: OptionsIssue[] = [];
  for (const name of present.keys()) {
    if (!Object.hasOwn(rows, name)) issues.push({ message: 'there is no such option', path: [name] });
  }
  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(rows)) {
    const value = present.get(name);
    if (value === undefined && row.required === true && row.default === undefined) {
      issues.push({ message: 'it must be given', path: [name] });
    } else if (value !== undefined && !accepts(row, value)) {
      issues.push({ message: `expected ${expectations[row.type]}`, path: [name] });
    }
    values[name] = value ?? row.default;
  }
  return { values, issues };
}

const expectations: Readonly<Record<OptionRow['type'], string>> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  strings: 'a list of texts',
};

function accepts(row: OptionRow, value: unknown): boolean {
  switch (row.type) {
    case 'string':
    case 'boolean':
      return typeof value === row.type;
    case 'integer':
      return Number.isSafeInteger(value);
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
  }
}

/** The name of the value that an issue is about, as in a program: `mirrors.0.from`. */
export function issuePath(issue: OptionsIssue): string {
  return (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
}
