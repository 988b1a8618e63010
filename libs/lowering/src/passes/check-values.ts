import type { Diagnostic } from '@hlb/diagnostics';
import { definePass, type Op, type OptionPlace, type Pass, type RunOp, type Text } from '@hlb/ir';
import { shellWords } from '../lower/ops/run.js';
import { BadValue, insideMount, placed } from '../lower/problem.js';
import {
  digest,
  gitRemote,
  httpUrl,
  imageReference,
  ipAddress,
  networkMode,
  securityMode,
  sharingMode,
  timestamp,
} from '../lower/values.js';

/**
 * Needs: fold-strings.
 *
 * Ensures: every known text that must have a form has it, also in ops that nothing reads: references, digests, times, addresses,
 * modes, remotes. The module stays as it is.
 *
 * Reports: each text that has not, at the argument that gave it, with the calls that led there; runs that nothing can depend on.
 */
export const checkValues: Pass = definePass({
  name: 'check-values',
  doc: 'Reports texts that are not what their place wants',
  needs: ['fold-strings'],
  required: true,
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const found = new Map<string, Diagnostic>();
    const references = new Set<string>();
    // Programs name few images, and many times.
    const reference = (text: string): void => {
      if (references.has(text)) return;
      imageReference(text);
      references.add(text);
    };
    for (const op of module.ops) {
      for (const each of problems(op, reference)) {
        const at = each.labels[0]?.span;
        const key = `${each.code} ${at?.file.name} ${at?.start} ${each.message}`;
        if (!found.has(key)) found.set(key, each);
      }
    }
    for (const each of found.values()) ctx.report(each);
    for (const each of droppedRuns(module.ops)) ctx.report(each);
    return module;
  },
});

function problems(op: Op, reference: (text: string) => void): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const test = (text: Text | undefined, make: (text: string) => unknown, option?: OptionPlace): void => {
    if (text === undefined || typeof text.text !== 'string') return;
    try {
      make(text.text);
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      found.push(placed(op, error, text, option));
    }
  };
  switch (op.kind) {
    case 'image':
      test(op.ref, reference);
      break;
    case 'frontend':
      if (op.source.text !== 'dockerfile.v0' && op.source.text !== 'gateway.v0') test(op.source, reference);
      break;
    case 'docker-push':
    case 'docker-load':
    case 'download-docker-tarball':
      test(op.ref, reference);
      break;
    case 'http':
      test(op.url, httpUrl);
      test(op.checksum, digest);
      break;
    case 'git':
      test(op.remote, gitRemote);
      break;
    case 'mkdir':
    case 'mkfile':
    case 'copy':
      test(op.createdTime, timestamp);
      break;
    case 'run':
      testRun(op, test);
      break;
    default:
      break;
  }
  return found;
}

function testRun(op: RunOp, test: (text: Text, make: (text: string) => unknown, option?: OptionPlace) => void): void {
  const [only] = op.args;
  if (op.args.length === 1 && only !== undefined && op.options.some(({ kind }) => kind === 'shlex'))
    test(only, shellWords);
  for (const option of op.options) {
    if (option.kind === 'network') test(option.mode, networkMode, option);
    else if (option.kind === 'security') test(option.mode, securityMode, option);
    else if (option.kind === 'host') test(option.address, ipAddress, option);
    else if (option.kind === 'mount' && option.cache !== undefined)
      test(option.cache.sharing, sharingMode, insideMount(op, option));
  }
}

/**
 * A command whose root can't be written and that no mount is bound of leaves nothing that anything could depend on, so it never
 * runs. A call that is bound elsewhere does run, for that.
 */
function droppedRuns(ops: readonly Op[]): readonly Diagnostic[] {
  const dropped = new Map<string, Diagnostic>();
  for (const op of ops) {
    if (op.kind !== 'run' || !leavesNothing(op)) continue;
    const key = placeKey(op);
    if (key === undefined || dropped.has(key)) continue;
    const warning = placed(
      op,
      new BadValue('HLB0528', {
        message: 'this command never runs: its root file system is read-only and no mount of it is bound',
        severity: 'warning',
        helps: ['Bind a mount with `as` and use that, or leave the root writable.'],
      }),
      undefined,
    );
    dropped.set(key, warning);
  }
  if (dropped.size === 0) return [];
  for (const op of ops) {
    const key = op.kind === 'run' && !leavesNothing(op) ? placeKey(op) : undefined;
    if (key !== undefined) dropped.delete(key);
  }
  return [...dropped.values()];
}

/** Equal for runs of one call. */
function placeKey({ origins: [origin] }: RunOp): string | undefined {
  return origin === undefined ? undefined : `${origin.span.file.name} ${origin.span.start}`;
}

function leavesNothing(op: RunOp): boolean {
  if (op.result === 'root') return op.options.some(({ kind }) => kind === 'readonly-rootfs');
  const option = op.options[op.result];
  return option?.kind === 'mount' && option.readonly;
}
