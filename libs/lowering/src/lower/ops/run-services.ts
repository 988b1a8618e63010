import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { hostPath, matchesPatterns } from '@hlb/facts';
import type { ForwardOption, MountAttributes, OpId, OptionPlace, RunOp, SecretOption, SshOption } from '@hlb/ir';
import { cleanPath, type ExecSecret, type ExecSshSocket } from '@hlb/llb';
import type { Agent, SecretFile } from '@hlb/plan';
import type { Level } from '../../elaborate/evaluation.js';
import { serviceFiles, servicePath } from '../host-answers.js';
import type { Lowerer } from '../lowerer.js';
import { BadValue, check } from '../problem.js';
import { shownPath } from '../state/locals.js';
import { unsigned32 } from '../values.js';

/** What the session serves to a run: secrets and sockets, in the order of the options. */
export interface RunServices {
  readonly secrets: readonly { readonly option: number; readonly secret: ExecSecret; readonly file: SecretFile }[];
  readonly sockets: readonly { readonly option: number; readonly socket: ExecSshSocket; readonly agent: Agent }[];
}

export function runServices(lowerer: Lowerer, op: RunOp, id: OpId): RunServices {
  const secrets: RunServices['secrets'][number][] = [];
  const sockets: RunServices['sockets'][number][] = [];
  op.options.forEach((option, place) => {
    switch (option.kind) {
      case 'secret':
        secrets.push(...secretFiles(lowerer, op, id, option).map((each) => ({ option: place, ...each })));
        break;
      case 'ssh':
        sockets.push({ option: place, ...sshSocket(lowerer, op, option) });
        break;
      case 'forward':
        sockets.push({ option: place, ...forwardSocket(lowerer, op, id, option) });
        break;
      default:
        break;
    }
  });
  return { secrets, sockets };
}

/** A secret is a file, or every file of a directory that its patterns take. */
function secretFiles(
  lowerer: Lowerer,
  op: RunOp,
  run: OpId,
  option: SecretOption,
): readonly { readonly secret: ExecSecret; readonly file: SecretFile }[] {
  const { texts, context } = lowerer;
  const shown = shownPath(texts.of(option.localPath), option.base, context.answers.home);
  const path = absolute(lowerer, op, option, texts.of(option.localPath));
  const target = texts.of(option.target);
  const targetOf = (name: string): string => (target === '' && name === '' ? '' : cleanPath(target + name));
  const attributes = servedAttributes(op, option);
  const fact = servicePath(lowerer, run, path, 'file');
  const problem = (message: string): never => check(op, { text: '' }, () => raise('HLB0516', message), option);
  switch (fact?.kind) {
    case 'file':
      return [
        {
          secret: { id: idOf(shown), target: targetOf(''), ...attributes },
          file: { id: idOf(shown), path: fact.realPath },
        },
      ];
    case 'directory': {
      const include = option.include.map((text) => texts.of(text));
      const exclude = option.exclude.map((text) => texts.of(text));
      const files = serviceFiles(lowerer, run, fact.realPath);
      return files
        .filter((name) => (include.length === 0 || matchesPatterns(include, name)) && !matchesPatterns(exclude, name))
        .map((name) => {
          const id = idOf(posix.join(shown, name));
          return {
            secret: { id, target: targetOf(`/${name}`), ...attributes },
            file: { id, path: posix.join(fact.realPath, name) },
          };
        });
    }
    case 'unreadable':
      return problem(`the secret ${shown} can't be read`);
    case 'socket':
    case 'other':
      return problem(`the secret ${shown} is neither a file nor a directory`);
    default:
      return problem(`there is no file or directory ${shown}, which is to be a secret`);
  }
}

function sshSocket(
  lowerer: Lowerer,
  op: RunOp,
  option: SshOption,
): { readonly socket: ExecSshSocket; readonly agent: Agent } {
  const { texts, context } = lowerer;
  const given = option.localPaths.map((text) => texts.of(text));
  const shown = given.map((path) => shownPath(path, option.base, context.answers.home)).sort();
  const paths = given.map((path) => absolute(lowerer, op, option, path)).sort();
  const id = idOf(shown.join(''));
  return {
    socket: { id, target: texts.optional(option.target), ...servedAttributes(op, option) },
    agent: { id, source: paths.length === 0 ? { kind: 'environment' } : { kind: 'paths', paths } },
  };
}

function forwardSocket(
  lowerer: Lowerer,
  op: RunOp,
  run: OpId,
  option: ForwardOption,
): { readonly socket: ExecSshSocket; readonly agent: Agent } {
  const { texts, context } = lowerer;
  const url = texts.of(option.source);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    check(op, option.source, () => raise('HLB0517', `${JSON.stringify(url)} is no URL of what to forward`), option);
  }
  let id = idOf(url.replace(/^[^:]+/, scheme ?? ''));
  let source: Agent['source'] = { kind: 'forward', url };
  if (scheme === 'unix') {
    const path = unixPath(url, context.level);
    const shown = shownPath(path, option.base, context.answers.home);
    const socket = absolute(lowerer, op, option, path);
    if (servicePath(lowerer, run, posix.dirname(socket), 'directory')?.kind !== 'directory') {
      const message = `there is no directory ${posix.dirname(shown)}, in which the socket is to be`;
      check(op, option.source, () => raise('HLB0517', message), option);
    }
    id = idOf(shown);
    source = { kind: 'forward', url: `unix://${socket}` };
  } else if (context.level !== 'O0' && scheme !== 'tcp' && scheme !== 'tcp4' && scheme !== 'tcp6') {
    check(op, option.source, () => raise('HLB0517', `${scheme} can't be forwarded: expected unix or tcp`), option);
  }
  return { socket: { id, target: texts.of(option.target), ...servedAttributes(op, option) }, agent: { id, source } };
}

/**
 * The path of a `unix://` URL. In `unix://./up.sock` the reference takes `.` for a host and reads `/up.sock`; above `-O0` it is the
 * relative path that was meant.
 */
function unixPath(url: string, level: Level): string {
  const rest = url.slice('unix://'.length);
  const slash = rest.indexOf('/');
  return level === 'O0' && slash > 0 ? rest.slice(slash) : rest;
}

function absolute(lowerer: Lowerer, op: RunOp, option: SecretOption | SshOption | ForwardOption, path: string): string {
  const { cwd, home } = lowerer.context.answers;
  const found = hostPath(path, { base: option.base, cwd, home });
  if (found !== undefined) return found;
  return check(
    op,
    { text: '' },
    () => raise('HLB0515', `${path}: the home directory of another user has no meaning here`),
    option,
  );
}

function servedAttributes(
  op: RunOp,
  option: MountAttributes & OptionPlace,
): { readonly uid?: number; readonly gid?: number; readonly mode?: number } {
  const field = (value: bigint | undefined, what: string): number | undefined =>
    value === undefined ? undefined : check(op, { text: '' }, () => unsigned32(value, what), option);
  const uid = field(option.uid, 'a user id');
  const gid = field(option.gid, 'a group id');
  const mode = field(option.mode, 'a mode');
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(mode === undefined ? {} : { mode }),
  };
}

/** Ids are digests of the paths as the program names them, so that they are equal wherever the program is. */
function idOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function raise(code: 'HLB0515' | 'HLB0516' | 'HLB0517', message: string): never {
  throw new BadValue(code, { message });
}
