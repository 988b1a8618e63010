import type { CacheEntry, Exporter, SolveOptions } from './solve-request.js';

/** The parts of a request that callers without types get wrong. */
type Checked = Pick<
  SolveOptions,
  'definition' | 'frontend' | 'frontendAttrs' | 'frontendInputs' | 'exporters' | 'cacheImports' | 'cacheExports'
>;

/**
 * Makes sure that a build says what is to be built. One that says nothing would wait for ever, for a frontend that never comes.
 * @throws TypeError
 */
export function checkWork({ definition, frontend = '' }: Checked): void {
  if (definition === undefined && frontend === '') {
    throw new TypeError(
      "a build needs a definition or a frontend; where this program takes the frontend's part, use openGateway",
    );
  }
  if (definition !== undefined && frontend !== '') {
    throw new TypeError(
      'a build takes either a definition or a frontend, not both; a frontend takes definitions as frontendInputs',
    );
  }
}

/**
 * Makes sure of the forms that a type checker would have asked for: the words of what would fail otherwise say little.
 * @throws TypeError
 */
export function checkForms(options: Checked): void {
  if (options.definition !== undefined) checkDefinition('definition', options.definition);
  checkMap('frontendAttrs', options.frontendAttrs);
  checkMap('frontendInputs', options.frontendInputs);
  for (const [name, input] of options.frontendInputs ?? []) checkDefinition(`frontendInputs: ${name}`, input);
  checkEntries('exporters', options.exporters);
  checkEntries('cacheImports', options.cacheImports);
  checkEntries('cacheExports', options.cacheExports);
}

function checkDefinition(name: string, value: unknown): void {
  const def: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'def') : undefined;
  if (!Array.isArray(def)) throw new TypeError(`${name} must be a definition, as marshal of @hlb/llb gives it`);
}

function checkEntries(name: string, entries: readonly (Exporter | CacheEntry)[] | undefined): void {
  if (entries === undefined) return;
  if (!Array.isArray(entries)) throw new TypeError(`${name} must be a list`);
  for (const { type, attrs } of entries) {
    if (typeof type !== 'string' || type === '') throw new TypeError(`each of ${name} needs a type`);
    checkMap(`attrs of ${name}`, attrs);
  }
}

function checkMap(name: string, value: unknown): void {
  if (value !== undefined && !(value instanceof Map)) {
    throw new TypeError(`${name} must be a Map, as new Map(Object.entries({ … })) makes of an object`);
  }
}
