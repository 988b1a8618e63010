import type * as pb from '@hlb/proto/llb';
import type { Immutable } from '../graph/vertex.js';

/**
 * What engines call an op without a name of its own. `input` names the op's inputs, which the names of merge and diff are made of.
 */
export function opName(op: Immutable<pb.Op>, input: (place: number) => string): string {
  const body = op.op;
  switch (body?.$case) {
    case 'source':
      return body.value.identifier;
    case 'exec':
      return (body.value.meta?.args ?? []).join(' ');
    case 'file':
      return body.value.actions.map(actionName).join(', ');
    case 'build':
      return 'build';
    case 'merge':
      return `merge (${body.value.inputs.map((merged) => inputName(merged.input, input)).join(', ')})`;
    case 'diff': {
      const { lower, upper } = body.value;
      return `diff (${inputName(lower?.input ?? 0n, input)}) -> (${inputName(upper?.input ?? 0n, input)})`;
    }
    case 'passthrough':
      return `passthrough ${body.value.id}`;
    case undefined:
      return 'result';
  }
}

function inputName(place: bigint, input: (place: number) => string): string {
  return place < 0n ? 'scratch' : input(Number(place));
}

function actionName({ action }: Immutable<pb.FileAction>): string {
  switch (action?.$case) {
    case 'mkdir':
      return `mkdir ${action.value.path}`;
    case 'mkfile':
      return `mkfile ${action.value.path}`;
    case 'rm':
      return `rm ${action.value.path}`;
    case 'symlink':
      return `symlink ${action.value.newpath} -> ${action.value.oldpath}`;
    case 'copy':
      return `copy ${action.value.src} ${action.value.dest}`;
    case undefined:
      return 'nothing';
  }
}
