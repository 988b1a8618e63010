import { checkOutput } from '../graph/check-form.js';
import { InvalidOpError } from '../graph/invalid-op.js';
import type { OpOptions } from '../graph/op-options.js';
import { opVertex } from '../graph/op-vertex.js';
import type { Output } from '../graph/vertex.js';

/** Key under which a BuildOp finds its definition, and the file's name in there when none is given. */
export const buildDefinitionInput = 'buildkit.llb.definition';
/** BuildKit's word for "LLB is what builds". */
const llbBuilder = -1n;

export interface BuildOptions extends OpOptions {
  /** The file system that holds an encoded definition. */
  readonly source: Output;
  /** Where in there; absent: `buildkit.llb.definition`. */
  readonly filename?: string | undefined;
}

/** The result of a definition that is itself the result of a build. */
export function build(options: BuildOptions): Output {
  checkOutput(options.source);
  const { filename } = options;
  const attrs: [string, string][] = filename === undefined || filename === '' ? [] : [['llbbuild.filename', filename]];
  const value = {
    builder: llbBuilder,
    inputs: new Map([[buildDefinitionInput, { input: 0n }]]),
    def: undefined,
    attrs: new Map(attrs),
  };
  return {
    vertex: opVertex('build', { $case: 'build', value }, options, ['source.buildop.llbfilename'], [options.source]),
    index: 0,
  };
}

export interface PassthroughOptions extends OpOptions {
  readonly id: string;
  /** What must be done; scratch is left out. */
  readonly inputs: readonly (Output | undefined)[];
  /** Places in `inputs` of those that are passed on: output i is input `outputs[i]`. */
  readonly outputs: readonly number[];
}

/**
 * Passes some of its inputs on and waits for all of them. Gives an output for each of `outputs`, scratch where the input is.
 *
 * @throws {InvalidOpError} without an id, without an output that is there, or for an output that names no input
 */
export function passthrough(options: PassthroughOptions): readonly (Output | undefined)[] {
  const { id, inputs } = options;
  if (id === '') {
    throw new InvalidOpError('a passthrough needs an id');
  }
  const present = inputs.filter((input) => input !== undefined);
  present.forEach(checkOutput);
  const passed = options.outputs.map((place) => {
    if (!(place in inputs)) {
      throw new InvalidOpError(`passthrough ${id} has no input ${place}`);
    }
    return inputs[place] === undefined
      ? undefined
      : inputs.slice(0, place).filter((input) => input !== undefined).length;
  });
  const outputs = passed.filter((place) => place !== undefined);
  if (outputs.length === 0) {
    throw new InvalidOpError(`passthrough ${id} passes nothing on`);
  }
  const value = { id, outputs: outputs.map(BigInt) };
  const vertex = opVertex('passthrough', { $case: 'passthrough', value }, options, ['passthroughop'], present);
  let index = 0;
  return passed.map((place) => (place === undefined ? undefined : { vertex, index: index++ }));
}
