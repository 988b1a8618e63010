import { AttrMatch, MatchType, type Policy, PolicyAction } from '@hlb/proto/sourcepolicy';
import { checkArguments, type Form, fields, kinds, list, map, oneOf, optional, TEXT } from '../arguments/forms.js';

/** Which sources a rule is about. */
export interface SourceSelector {
  /** The identifier (`docker-image://docker.io/library/alpine:*`), by `*` and `?` unless `match` says otherwise. */
  readonly identifier: string;
  readonly match?: 'wildcard' | 'exact' | 'regex';
  /** What the source's attributes must be, besides. */
  readonly attrs?: readonly {
    readonly key: string;
    readonly value: string;
    readonly condition?: 'equal' | 'not-equal' | 'matches';
  }[];
}

/** Of the rules about a source the last one that allows or denies it decides; one that converts it lets all begin anew. */
export type SourceRule =
  | { readonly kind: 'allow' | 'deny'; readonly selector: SourceSelector }
  | {
      readonly kind: 'convert';
      readonly selector: SourceSelector;
      /** The source to take instead; parts of a wildcard are `${1}`, `${2}`, …. */
      readonly identifier?: string;
      readonly attrs?: ReadonlyMap<string, string>;
    };

const MATCHES = { wildcard: MatchType.WILDCARD, exact: MatchType.EXACT, regex: MatchType.REGEX } as const;
const CONDITIONS = { equal: AttrMatch.EQUAL, 'not-equal': AttrMatch.NOTEQUAL, matches: AttrMatch.MATCHES } as const;
const ACTIONS = { allow: PolicyAction.ALLOW, deny: PolicyAction.DENY, convert: PolicyAction.CONVERT } as const;

const selector: Form = fields({
  identifier: TEXT,
  match: optional(oneOf(...Object.keys(MATCHES))),
  attrs: optional(list(fields({ key: TEXT, value: TEXT, condition: optional(oneOf(...Object.keys(CONDITIONS))) }))),
});
const RULE: Form = kinds({
  allow: fields({ selector }),
  deny: fields({ selector }),
  convert: fields({ selector, identifier: optional(TEXT), attrs: optional(map(TEXT)) }),
});

/** A policy of sources, for `sourcePolicy` of a solve (engines from 0.11). */
export function sourcePolicy(rules: readonly SourceRule[]): Policy {
  checkArguments('sourcePolicy', { rules: [rules, list(RULE)] });
  return {
    version: 1n,
    rules: rules.map((rule) => {
      const { identifier, match = 'wildcard', attrs = [] } = rule.selector;
      return {
        action: ACTIONS[rule.kind],
        selector: {
          identifier,
          matchType: MATCHES[match],
          constraints: attrs.map(({ key, value, condition = 'equal' }) => ({
            key,
            value,
            condition: CONDITIONS[condition],
          })),
        },
        updates:
          rule.kind === 'convert' ? { identifier: rule.identifier ?? '', attrs: new Map(rule.attrs) } : undefined,
      };
    }),
  };
}
