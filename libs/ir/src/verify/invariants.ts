import { opId } from '../builder.js';
import type { IrModule } from '../module.js';
import { operands, texts, valueOperands, valueType } from '../operands.js';
import type { Op, OpId, Origin } from '../ops.js';
import { requestOperands } from '../requests.js';
import { opRow } from '../schema/op-table.js';
import type { Fail, Invariant } from './violation.js';

/** The invariant that all others build on: it is checked first, and alone where it fails. */
export const wellFormed: Omit<Invariant, 'check'> = {
  code: 'IR001',
  statement: 'Every op has the attributes of its kind, each of the type that it must have, and no others.',
};

/** Every further invariant of a module. */
export const invariants: readonly Invariant[] = [
  {
    code: 'IR002',
    statement: 'An operand is an op of the module.',
    check: eachOp((op, id, { ops }, fail) => {
      for (const operand of operands(op)) {
        if (operand >= ops.length) fail(`its operand %${operand} is not in the module`, id);
      }
    }),
  },
  {
    code: 'IR003',
    statement: 'An op stands after its operands.',
    check: eachOp((op, id, { ops }, fail) => {
      for (const operand of operands(op)) {
        if (operand >= id && operand < ops.length) fail(`its operand %${operand} does not stand before it`, id);
      }
    }),
  },
  {
    code: 'IR004',
    statement: 'Where a file system is read, the op yields one.',
    check: eachOp((op, id, { ops }, fail) => {
      if (op.kind === 'push-digest') return;
      for (const operand of valueOperands(op)) {
        const of = ops[operand];
        if (of !== undefined && valueType(of) !== 'fs') fail(`its operand %${operand} (${of.kind}) is a text`, id);
      }
    }),
  },
  {
    code: 'IR005',
    statement: 'Where a text is read, the op yields one.',
    check: eachOp((op, id, { ops }, fail) => {
      for (const { text } of texts(op)) {
        const of = typeof text === 'string' ? undefined : ops[text];
        if (of !== undefined && valueType(of) !== 'string') fail(`its text %${text} (${of.kind}) is no text`, id);
      }
    }),
  },
  {
    code: 'IR006',
    statement: 'The digest of a push is that of a `docker-push`.',
    check: eachOp((op, id, { ops }, fail) => {
      const push = op.kind === 'push-digest' ? ops[op.push] : undefined;
      if (push !== undefined && push.kind !== 'docker-push') fail(`what it names is a ${push.kind}`, id);
    }),
  },
  {
    code: 'IR007',
    statement: 'A run gives its root or one of its mounts, which is no cache, and keeps no others than such mounts.',
    check: eachOp((op, id, _module, fail) => {
      if (op.kind !== 'run') return;
      for (const place of op.result === 'root' ? op.keeps : [op.result, ...op.keeps]) {
        const option = op.options[place];
        if (option?.kind !== 'mount') fail(`its result ${place} is no mount among its options`, id);
        else if (option.cache !== undefined) fail(`its result ${place} is a cache`, id);
      }
    }),
  },
  {
    code: 'IR008',
    statement: 'A command has arguments, in a run and on this host.',
    check: eachOp((op, id, _module, fail) => {
      if ((op.kind === 'run' || op.kind === 'command') && op.args.length === 0) fail('it has no arguments', id);
    }),
  },
  {
    code: 'IR009',
    statement: 'A merge has inputs.',
    check: eachOp((op, id, _module, fail) => {
      if (op.kind === 'merge' && op.inputs.length === 0) fail('it has no inputs', id);
    }),
  },
  {
    code: 'IR010',
    statement: "A Docker tarball has an image's name, an OCI tarball has none.",
    check: eachOp((op, id, _module, fail) => {
      if (op.kind === 'download-docker-tarball' && op.ref === undefined) fail('it has no name', id);
      if (op.kind === 'download-oci-tarball' && op.ref !== undefined) fail('it has a name', id);
    }),
  },
  {
    code: 'IR011',
    statement: 'The image config of a definition is a JSON object or empty.',
    check: eachOp((op, id, _module, fail) => {
      if (op.kind === 'definition' && op.config !== '' && !isJsonObject(op.config)) fail('its config is neither', id);
    }),
  },
  {
    code: 'IR012',
    statement: 'Every output op is listed once among the outputs, and nothing else is.',
    check: ({ ops, outputs }, fail) => {
      const listed = new Set<OpId>();
      for (const { op: id } of outputs) {
        const op = ops[id];
        if (op === undefined) fail(`the output %${id} is not in the module`);
        else if (opRow(op.kind)?.group !== 'output') fail(`the output %${id} is a ${op.kind}`, id);
        if (listed.has(id)) fail(`the output %${id} is listed twice`, id);
        listed.add(id);
      }
      for (const [index, op] of ops.entries()) {
        const id = opId(index);
        if (opRow(op.kind)?.group === 'output' && !listed.has(id)) fail('it is not among the outputs', id);
      }
    },
  },
  {
    code: 'IR013',
    statement: 'The stage of an output is a way through the tree of requests, from a target on.',
    check: ({ outputs, targets }, fail) => {
      for (const { op, stage } of outputs) {
        const [target] = stage;
        if (!stage.every((place) => Number.isSafeInteger(place) && place >= 0)) {
          fail(`its stage [${stage.join(', ')}] has a place that is none`, op);
        } else if (target !== undefined && target >= targets.length) fail(`its stage starts from no target`, op);
      }
    },
  },
  {
    code: 'IR014',
    statement: 'A target solves file systems and prints texts.',
    check: ({ ops, targets }, fail) => {
      for (const { name, request } of targets) {
        for (const kind of ['solve', 'text'] as const) {
          for (const id of requestOperands(request, kind)) {
            const op = ops[id];
            if (op === undefined) fail(`what the target ${name} asks for, %${id}, is not in the module`);
            else if (valueType(op) !== (kind === 'solve' ? 'fs' : 'string')) {
              fail(`the target ${name} asks to ${kind === 'solve' ? 'solve' : 'print'} it`, id);
            }
          }
        }
      }
    },
  },
  {
    code: 'IR015',
    statement: "Origins are chains of calls with an end, in the module's files.",
    check: checkOrigins,
  },
];

function eachOp(check: (op: Op, id: OpId, module: IrModule, fail: Fail) => void): Invariant['check'] {
  return (module, fail) => {
    for (const [index, op] of module.ops.entries()) check(op, opId(index), module, fail);
  };
}

function checkOrigins(module: IrModule, fail: Fail): void {
  const files = new Set(module.files);
  const done = new Set<Origin>();
  for (const [index, op] of module.ops.entries()) {
    for (const origin of op.origins) {
      const chain = new Set<Origin>();
      for (let at: Origin | undefined = origin; at !== undefined && !done.has(at); at = at.caller) {
        if (chain.has(at)) {
          fail('the calls of its origin go in a circle', opId(index));
          break;
        }
        chain.add(at);
        const { file, start, end } = at.span;
        if (!files.has(file)) fail(`its origin is in a file that is not the module's, ${file.name}`, opId(index));
        if (!(start >= 0 && end >= start)) fail(`its origin is no range: ${start} to ${end}`, opId(index));
      }
      for (const at of chain) done.add(at);
    }
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
