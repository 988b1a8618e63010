import { type ConfigOp, type IrModule, type Op, type OpId, opRow, type SettingOp, type Text } from '@hlb/ir';

/**
 * The images whose config matters: commands run on them, relative paths start from their directory, or they leave the build as
 * images. Of others only files are wanted, and nobody need ask a registry for their config.
 *
 * Users stand after what they use, so one way back through the list meets all.
 */
export function imagesWithSettings(module: IrModule): ReadonlySet<number> {
  const wanted = new Set<number>();
  for (let index = module.ops.length - 1; index >= 0; index -= 1) {
    const op = module.ops[index];
    if (op !== undefined) for (const id of settingsRead(module, op, wanted.has(index))) wanted.add(id);
  }
  return wanted;
}

/** The operands whose settings an op reads; `passes` says that its own settings are wanted. */
function settingsRead(module: IrModule, op: Op, passes: boolean): readonly OpId[] {
  switch (op.kind) {
    case 'run': {
      const option = typeof op.result === 'number' ? op.options[op.result] : undefined;
      return option?.kind === 'mount' && passes ? [op.input, option.input] : [op.input];
    }
    case 'copy':
      return [
        ...(passes || isRelative(op.dst) ? [op.input] : []),
        // A relative source starts from the directory of where it comes from.
        ...(isRelative(op.src) ? [op.source] : []),
      ];
    case 'mkdir':
    case 'mkfile':
    case 'rm':
      return passes || isRelative(op.path) ? [op.input] : [];
    case 'merge':
      return passes ? [...op.inputs.slice(0, 1), ...firstOnes(module, op.inputs)] : [];
    case 'diff':
      return passes ? [op.base, op.input] : [];
    case 'download-oci-tarball':
    case 'download-docker-tarball':
    case 'docker-push':
    case 'docker-load':
      return [op.input];
    case 'download':
    case 'download-tarball':
      return passes ? [op.input] : [];
    default:
      return isSetting(op) && passes ? [op.input] : [];
  }
}

/** Whether an op leaves files as they are and says something beside them. */
function isSetting(op: Op): op is SettingOp | ConfigOp {
  const group = opRow(op.kind)?.group;
  return group === 'setting' || group === 'config';
}

/** The values up to the first that is not empty, as far as that is known: commands on a merge see what those on that one do. */
function firstOnes(module: IrModule, inputs: readonly OpId[]): readonly OpId[] {
  const first = inputs.findIndex((id) => hasFiles(module, id));
  return first === -1 ? inputs : inputs.slice(0, first + 1);
}

/** Whether a file system is surely none that is empty. */
function hasFiles(module: IrModule, id: OpId): boolean {
  let op = module.ops[id];
  while (op !== undefined && isSetting(op)) op = module.ops[op.input];
  switch (op?.kind) {
    case 'image':
    case 'http':
    case 'git':
    case 'local':
    case 'copy':
    case 'mkdir':
    case 'mkfile':
    case 'rm':
      return true;
    default:
      return false;
  }
}

function isRelative({ text }: Text): boolean {
  return typeof text !== 'string' || !text.startsWith('/');
}
