import { badValue } from './fields.js';

/** What a command may be given beyond its sandbox. */
export const entitlements = ['network.host', 'security.insecure'] as const;

export type Entitlement = (typeof entitlements)[number];

/** Reads the values of `--allow`. */
export function readAllow(texts: readonly string[]): readonly Entitlement[] {
  return texts.map((text) => {
    const known = entitlements.find((one) => one === text);
    if (known === undefined) {
      throw badValue('--allow', text, 'this can not be allowed', `What can: ${entitlements.join(', ')}.`);
    }
    return known;
  });
}
