import { DEFINITION, ENTRY, METADATA } from '../arguments/engine-forms.js';
import {
  BIGINT,
  FLAG,
  type Form,
  fields,
  form,
  list,
  map,
  OBJECT,
  optional,
  SIGNAL,
  TEXT,
} from '../arguments/forms.js';
import type { SolveOptions } from './solve-request.js';

/** What is the same in a build and in a solve of a gateway. */
const WORK = {
  definition: optional(DEFINITION),
  frontend: optional(TEXT),
  frontendAttrs: optional(map(TEXT)),
  frontendInputs: optional(map(DEFINITION)),
  cacheImports: optional(list(ENTRY)),
};

/** `SolveOptions`. */
export const SOLVE_OPTIONS: Form = fields({
  ...WORK,
  ref: optional(TEXT),
  session: optional(form("a session's id, a text", (value) => typeof value === 'string')),
  exporters: optional(list(ENTRY)),
  cacheExports: optional(list(ENTRY)),
  entitlements: optional(list(TEXT)),
  internal: optional(FLAG),
  sourcePolicy: optional(OBJECT),
  sourcePolicySession: optional(TEXT),
  enableSessionExporter: optional(FLAG),
  compatibilityVersion: optional(BIGINT),
  proxyNetwork: optional(FLAG),
});

/** `GatewaySolveOptions`. */
export const GATEWAY_SOLVE_OPTIONS: Form = fields({
  ...WORK,
  sourcePolicies: optional(list(OBJECT)),
  evaluate: optional(FLAG),
});

/** `SolveCallOptions`. */
export const SOLVE_CALL: Form = fields({
  signal: optional(SIGNAL),
  progress: optional(FLAG),
  metadata: optional(METADATA),
});

/**
 * Makes sure that a build says what is to be built. One that says nothing would wait for ever, for a frontend that never comes.
 * @throws TypeError
 */
export function checkWork({ definition, frontend = '' }: Pick<SolveOptions, 'definition' | 'frontend'>): void {
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
