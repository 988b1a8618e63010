import type { MountOption, OpId, RunOp, RunOption } from '@hlb/ir';
import { customNameKey, type ExecMount, exec, formatPlatform, type Output } from '@hlb/llb';
import type { Level } from '../../elaborate/evaluation.js';
import { joinShellWords, splitShellWords, UnterminatedWord } from '../../text/shell-words.js';
import type { Lowerer, LoweringContext } from '../lowerer.js';
import { BadValue, check, insideMount } from '../problem.js';
import { setVariable, variables } from '../state/environment.js';
import { absoluteDir, type FsState, scratchState } from '../state/state.js';
import { ipAddress, networkMode, securityMode, sharingMode } from '../values.js';
import { withHistory } from './files.js';
import { addShims } from './read-only-shims.js';
import { type RunServices, runServices } from './run-services.js';
import { located } from './sources.js';

const defaultShell = ['/bin/sh', '-c'];
const noServices: RunServices = { secrets: [], sockets: [] };
const noMounts: readonly PlacedMount[] = [];

/** A run: the file system that it leaves at its root, or in one of its mounts. */
export function lowerRun(lowerer: Lowerer, op: RunOp, id: OpId): FsState {
  const input = lowerer.state(op.input);
  const args = runArguments(lowerer, op, input.settings.shell ?? defaultShell);
  const settings = execSettings(lowerer, op, input);
  const plain = op.options.length === 0;
  const services = plain ? noServices : runServices(lowerer, op, id);
  const mounts = plain ? noMounts : addShims(lowerer.context.level, execMounts(lowerer, op), services);
  const readonlyRoot = has(op.options, 'readonly-rootfs');
  const place = located(lowerer, op);
  const run = exec({
    base: input.output,
    readonlyRoot,
    mounts: mounts.map(({ mount }) => mount),
    secrets: services.secrets.map(({ secret }) => secret),
    ssh: services.sockets.map(({ socket }) => socket),
    authSocket: authSocket(lowerer.context.level, services),
    args,
    env: settings.env,
    cwd: settings.cwd,
    user: settings.user,
    extraHosts: settings.extraHosts,
    network: settings.network,
    security: settings.security,
    platform: input.settings.platform,
    description: { [customNameKey]: `${platformMark(lowerer.context, input)}${customName(args)}` },
    locations: place.locations,
    progressGroup: place.progressGroup,
  });
  const text = `RUN ${args.join(' ')}`;
  if (op.result === 'root') return withHistory({ ...input, output: run.root }, text);
  const mount = mounts.findIndex(({ option }) => option === op.result);
  return boundState(lowerer, op, run.mount(mount), text);
}

/**
 * What a bound mount leaves, with the image config of what was mounted. The reference takes over the config, but not the
 * environment, directory and user that it says; above `-O0` they hold for later commands, too.
 */
function boundState(lowerer: Lowerer, op: RunOp, output: Output | undefined, text: string): FsState {
  const option = typeof op.result === 'number' ? op.options[op.result] : undefined;
  const mounted = option?.kind === 'mount' ? lowerer.state(option.input) : scratchState;
  const root = lowerer.state(op.input);
  const { valuePlatform, platform } = root.settings;
  const settings = { ...mounted.settings, platform: mounted.settings.platform ?? platform, valuePlatform };
  const own =
    lowerer.context.level === 'O0'
      ? { ...settings, environment: undefined, dir: '/', user: undefined, platform: undefined }
      : settings;
  return withHistory({ ...mounted, output, settings: own }, text);
}

/** The socket of the agent. The reference takes the first socket for one, also where it is something else that is forwarded. */
function authSocket(level: Level, { sockets }: RunServices): number | 'none' | undefined {
  if (level === 'O0' || sockets.length === 0) return undefined;
  const place = sockets.findIndex(({ agent }) => agent.source.kind !== 'forward');
  return place === -1 ? 'none' : place;
}

/** The words that are executed: a single text is given to the shell or split, several stay as they are. */
function runArguments({ texts }: Lowerer, op: RunOp, shell: readonly string[]): readonly string[] {
  const args = op.args.map((text) => texts.of(text));
  const [only] = args;
  const [text] = op.args;
  if (only === undefined || text === undefined || args.length > 1) return args;
  return has(op.options, 'shlex') ? check(op, text, () => shellWords(only)) : [...shell, only];
}

/** The words of a text that is split as a shell would, one at least. */
export function shellWords(text: string): readonly string[] {
  try {
    const words = splitShellWords(text);
    if (words.length > 0) return words;
  } catch (error) {
    if (!(error instanceof UnterminatedWord)) throw error;
    throw new BadValue('HLB0523', { message: `the command can't be split into words: ${error.message}` }, 'call');
  }
  throw new BadValue('HLB0523', { message: 'the command is split into words, and has none' }, 'call');
}

/** What tells the commands of several platforms apart. */
function platformMark({ severalPlatforms, platform }: LoweringContext, input: FsState): string {
  return severalPlatforms ? `[${formatPlatform(input.settings.platform ?? platform)}] ` : '';
}

/** The words as one would type them, on one line. */
function customName(args: readonly string[]): string {
  return joinShellWords(args).replaceAll('\n', '\\n');
}

function execSettings(
  { texts, context }: Lowerer,
  op: RunOp,
  input: FsState,
): Pick<Parameters<typeof exec>[0], 'env' | 'cwd' | 'user' | 'extraHosts' | 'network' | 'security'> {
  let { environment, dir } = input.settings;
  let user = input.settings.configUser ?? input.settings.user;
  let network: 'sandbox' | 'host' | 'none' | undefined;
  let security: 'sandbox' | 'insecure' | undefined;
  const extraHosts: { readonly host: string; readonly ip: string }[] = [];
  for (const option of op.options) {
    switch (option.kind) {
      case 'env':
        environment = setVariable(environment, texts.of(option.key), texts.of(option.value));
        break;
      case 'dir':
        dir = absoluteDir(dir, texts.of(option.path));
        break;
      case 'user':
        user = texts.of(option.name);
        break;
      case 'ignore-cache':
        environment = setVariable(environment, 'HLB_IGNORE_CACHE', context.nonce(option.nonce));
        break;
      case 'network': {
        const mode = check(op, option.mode, () => networkMode(texts.of(option.mode)), option);
        network = mode === 'unset' ? 'sandbox' : mode;
        break;
      }
      case 'security':
        security = check(op, option.mode, () => securityMode(texts.of(option.mode)), option);
        break;
      case 'host':
        extraHosts.push({
          host: texts.of(option.name),
          ip: check(op, option.address, () => ipAddress(texts.of(option.address)), option),
        });
        break;
      default:
        break;
    }
  }
  return { env: variables(environment), cwd: dir, user, extraHosts, network, security };
}

/** A mount of the exec and the option that it comes from, by its place. */
export interface PlacedMount {
  readonly option: number;
  readonly mount: ExecMount;
  /** The working directory of what is mounted. */
  readonly dir: string;
}

function execMounts(lowerer: Lowerer, op: RunOp): readonly PlacedMount[] {
  const mounts: PlacedMount[] = [];
  op.options.forEach((option, place) => {
    if (option.kind !== 'mount') return;
    const { dir } = lowerer.state(option.input).settings;
    mounts.push({ option: place, mount: execMount(lowerer, op, option, place), dir });
  });
  return mounts;
}

function execMount(lowerer: Lowerer, op: RunOp, option: MountOption, place: number): ExecMount {
  const { texts } = lowerer;
  const source = lowerer.state(option.input).output;
  const target = texts.of(option.target);
  if (target === '') check(op, option.target, noTarget, option);
  if (option.tmpfs && source !== undefined) check(op, option.target, tmpfsContent, option);
  const mount = {
    dest: target,
    source,
    selector: texts.optional(option.sourcePath),
    readonly: option.readonly,
    noOutput: op.result !== place && !op.keeps.includes(place),
    cache: option.cache && mountCache(texts, op, option, option.cache),
  };
  return option.tmpfs ? { ...mount, source: undefined, tmpfs: {} } : mount;
}

function mountCache(
  texts: Lowerer['texts'],
  op: RunOp,
  option: MountOption,
  { id, sharing }: NonNullable<MountOption['cache']>,
): ExecMount['cache'] {
  return {
    id: texts.of(id),
    sharing: check(op, sharing, () => sharingMode(texts.of(sharing)), insideMount(op, option)),
  };
}

function noTarget(): never {
  throw new BadValue('HLB0530', { message: 'a mount needs a mount point' });
}

function tmpfsContent(): never {
  throw new BadValue('HLB0530', { message: 'a tmpfs mount starts empty: its input must be scratch' });
}

function has(options: readonly RunOption[], kind: 'readonly-rootfs' | 'shlex'): boolean {
  return options.some((option) => option.kind === kind);
}
