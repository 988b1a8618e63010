import { badValue, type Fields, joinCsv, readFields, truth } from './fields.js';

/** The flags that ask for attestations, as written. */
export interface AttestationFlags {
  /** `type=provenance,mode=max` */
  readonly attest?: readonly string[];
  /** `true`, `false` or `mode=max` */
  readonly provenance?: string;
  /** `true`, `false` or `generator=REF` */
  readonly sbom?: string;
}

const types = ['provenance', 'sbom'];

/** The attestations that are asked for, with their parameters as engines read them; `undefined` for none. */
export function readAttestations(flags: AttestationFlags): Fields | undefined {
  const found = new Map<string, string>();
  const add = (option: string, text: string, fields: Fields): void => {
    const [type, parameters] = readAttestation(option, text, fields);
    if (found.has(type)) throw badValue(option, text, `attestations of the type ${type} are asked for twice`);
    found.set(type, parameters ?? 'off');
  };
  for (const text of flags.attest ?? []) add('--attest', text, readFields('--attest', text));
  for (const type of types) {
    const text = type === 'sbom' ? flags.sbom : flags.provenance;
    if (text !== undefined) add(`--${type}`, text, shortFields(type, text));
  }
  const wanted = [...found].filter(([, parameters]) => parameters !== 'off');
  return wanted.length === 0 ? undefined : new Map(wanted);
}

/** `--provenance` and `--sbom` say the same as `--attest` with a type, or whether there is to be one at all. */
function shortFields(type: string, text: string): Fields {
  const wanted = truth(text);
  if (wanted !== undefined) return new Map([['type', type], ...(wanted ? [] : [['disabled', 'true'] as const])]);
  return new Map([['type', type], ...readFields(`--${type}`, text)]);
}

/** The type, and its parameters; `undefined` for one that is switched off. */
function readAttestation(option: string, text: string, fields: Fields): readonly [string, string | undefined] {
  const { type, disabled, ...parameters } = Object.fromEntries(fields);
  if (type === undefined) throw badValue(option, text, 'there is no type', `Types: ${types.join(', ')}.`);
  if (!types.includes(type)) {
    throw badValue(option, text, `${JSON.stringify(type)} is no type of attestation`, `Types: ${types.join(', ')}.`);
  }
  const off = disabled === undefined ? false : truth(disabled);
  if (off === undefined) throw badValue(option, text, 'disabled must be true or false');
  if (off) return [type, undefined];
  const { mode } = parameters;
  if (type === 'provenance' && mode !== undefined && !['min', 'max', 'full'].includes(mode)) {
    throw badValue(option, text, 'mode must be min or max');
  }
  return [type, joinCsv(Object.entries(parameters).map(([key, value]) => `${key}=${value}`))];
}
