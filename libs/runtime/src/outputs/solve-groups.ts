import { isArchive, type OutputExport } from './output-export.js';

/** What can be had of one solve. */
export interface GroupingRules {
  /** Whether the engine takes several outputs of a solve. */
  readonly several: boolean;
  /** Whether something is said about the outputs, which a Docker archive has no place for. */
  readonly attested: boolean;
}

/**
 * The outputs of a value by the solves that make them. The answer to a solve has one digest, so that images whose layers differ are
 * made apart.
 */
export function solveGroups(
  exports: readonly OutputExport[],
  rules: GroupingRules,
): readonly (readonly OutputExport[])[] {
  const groups: OutputExport[][] = [];
  for (const one of exports) {
    const group = rules.several ? groups.find((others) => fits(one, others, rules)) : undefined;
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return groups;
}

function fits(one: OutputExport, others: readonly OutputExport[], { attested }: GroupingRules): boolean {
  return others.every(
    (other) =>
      (!attested || isArchive(one) === isArchive(other)) &&
      (one.output.kind !== 'push' || other.output.kind !== 'push' || layersOf(one) === layersOf(other)),
  );
}

function layersOf({ exporter }: OutputExport): string {
  return [...(exporter.attrs ?? [])].filter(([name]) => /compression|mediatypes/.test(name)).join();
}
