import type * as pb from '@hlb/proto/llb';
import type { Immutable, OpBody } from './vertex.js';

/**
 * An op's body after its inputs were renumbered: input i is now `places[i]`, and there are `count` of them. Merge, diff and passthrough
 * tell equal inputs apart, so theirs are never renumbered.
 */
export function remapInputs(body: OpBody, places: readonly number[], count: number): OpBody {
  const place = (input: bigint): bigint => {
    if (input < 0n) {
      return input;
    }
    const known = places[Number(input)];
    // In a file op numbers above the inputs are those of actions.
    return known === undefined ? input - BigInt(places.length) + BigInt(count) : BigInt(known);
  };
  switch (body.$case) {
    case 'exec': {
      const mounts = body.value.mounts.map((mount) => ({ ...mount, input: place(mount.input) }));
      return { $case: 'exec', value: { ...body.value, mounts } };
    }
    case 'file':
      return { $case: 'file', value: { actions: body.value.actions.map((action) => remapAction(action, place)) } };
    case 'build': {
      const inputs = new Map([...body.value.inputs].map(([key, value]) => [key, { input: place(value.input) }]));
      return { $case: 'build', value: { ...body.value, inputs } };
    }
    case 'source':
    case 'merge':
    case 'diff':
    case 'passthrough':
      return body;
  }
}

type Place = (input: bigint) => bigint;

function remapAction(action: Immutable<pb.FileAction>, place: Place): Immutable<pb.FileAction> {
  return {
    input: place(action.input),
    secondaryInput: place(action.secondaryInput),
    output: action.output,
    action: action.action === undefined ? undefined : remapOwners(action.action, place),
  };
}

function remapOwners(
  action: Immutable<NonNullable<pb.FileAction['action']>>,
  place: Place,
): Immutable<NonNullable<pb.FileAction['action']>> {
  switch (action.$case) {
    case 'copy':
      return { $case: 'copy', value: { ...action.value, owner: remapOwner(action.value.owner, place) } };
    case 'mkfile':
      return { $case: 'mkfile', value: { ...action.value, owner: remapOwner(action.value.owner, place) } };
    case 'mkdir':
      return { $case: 'mkdir', value: { ...action.value, owner: remapOwner(action.value.owner, place) } };
    case 'symlink':
      return { $case: 'symlink', value: { ...action.value, owner: remapOwner(action.value.owner, place) } };
    case 'rm':
      return action;
  }
}

function remapOwner(owner: Immutable<pb.ChownOpt> | undefined, place: Place): Immutable<pb.ChownOpt> | undefined {
  return owner && { user: remapUser(owner.user, place), group: remapUser(owner.group, place) };
}

function remapUser(option: Immutable<pb.UserOpt> | undefined, place: Place): Immutable<pb.UserOpt> | undefined {
  if (option?.user?.$case !== 'byName') {
    return option;
  }
  const { name, input } = option.user.value;
  return { user: { $case: 'byName', value: { name, input: place(input) } } };
}
