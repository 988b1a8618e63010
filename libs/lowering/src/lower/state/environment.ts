/**
 * The variables that commands see, as a chain of settings: a state costs one link, however many variables it has. A variable
 * that is set again moves to the end.
 */
export interface Environment {
  readonly before: Environment | undefined;
  readonly key: string;
  readonly value: string;
  /** Worked out when a command first asks for it. */
  list: readonly Variable[] | undefined;
}

export type Variable = readonly [name: string, value: string];

export function setVariable(before: Environment | undefined, key: string, value: string): Environment {
  return { before, key, value, list: undefined };
}

/** The variables in the order of their last setting. */
export function variables(environment: Environment | undefined): readonly Variable[] {
  if (environment === undefined) return [];
  if (environment.list !== undefined) return environment.list;
  const settings: Environment[] = [];
  let at: Environment | undefined = environment;
  while (at !== undefined && at.list === undefined) {
    settings.push(at);
    at = at.before;
  }
  const map = new Map(at?.list ?? []);
  for (const { key, value } of settings.reverse()) {
    map.delete(key);
    map.set(key, value);
  }
  environment.list = [...map];
  return environment.list;
}

/** The variables of an image's config, `KEY=VALUE` each. */
export function environmentOf(entries: readonly string[]): Environment | undefined {
  let environment: Environment | undefined;
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    // What has no name can't be set.
    if (equals === 0 || entry === '') continue;
    environment =
      equals === -1
        ? setVariable(environment, entry, '')
        : setVariable(environment, entry.slice(0, equals), entry.slice(equals + 1));
  }
  return environment;
}
