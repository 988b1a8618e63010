import type { FrontendOp, Op, OpId } from '@hlb/ir';
import type { Definition } from '@hlb/llb';
import type { Later, Output } from '@hlb/plan';
import { opOf } from '../lowerer.js';
import type { Definitions } from './definitions.js';

/** The definition of a value that is sent alone. `what` names it in messages. */
export function aloneRequest(definitions: Definitions, value: OpId, what: string): Later<Definition> {
  const definition = definitions.definition(value);
  const at = opOf(definitions.context.module, value).origins[0]?.span;
  return definitions.request([{ name: what, definition }], [], what, at)[0] ?? definition;
}

/** The inputs of a frontend, by their names: it is sent all of them at once, with its attributes. Of equal names the last counts. */
export function inputsRequest(
  definitions: Definitions,
  op: FrontendOp,
  attrs: Later<ReadonlyMap<string, string>>,
  name: string,
): ReadonlyMap<string, Later<Definition>> {
  const inputs = new Map<string, Later<Definition>>();
  for (const { key, value } of op.inputs) inputs.set(definitions.now.texts.of(key), definitions.definition(value));
  const parts = [...inputs].map(([key, definition]) => ({ name: `the input ${JSON.stringify(key)}`, definition }));
  const texts = mapLater(attrs, (map) => [...map].flat());
  const fitted = definitions.request(parts, [texts], `the inputs of ${name}`, op.origins[0]?.span);
  return new Map([...inputs].map(([key, definition], index) => [key, fitted[index] ?? definition]));
}

/** What an output's step solves; configs of images go with it. */
export function outputRequest(
  definitions: Definitions,
  value: OpId,
  outputs: readonly Output[],
  what: string,
  { origins }: Op,
): Later<Definition> {
  const definition = definitions.definition(value);
  const configs = outputs.flatMap((output) => ('config' in output ? [mapLater(output.config, (text) => [text])] : []));
  return definitions.request([{ name: what, definition }], configs, what, origins[0]?.span)[0] ?? definition;
}

function mapLater<T, U>(later: Later<T>, map: (value: T) => U): Later<U> {
  return later.kind === 'known'
    ? { kind: 'known', value: map(later.value) }
    : { ...later, make: (results) => map(later.make(results)) };
}
