import { InternalError } from '@hlb/diagnostics';
import type { ConfigOp, Op, OpId, SettingOp } from '@hlb/ir';
import { definitionOutput, digestOf } from '@hlb/llb';
import type { Lowerer } from '../lowerer.js';
import { BadValue, LoweringProblem, placed } from '../problem.js';
import { environmentOf, setVariable } from '../state/environment.js';
import { configSettings, entrypointText, type ImageConfig, readConfig } from '../state/image-config.js';
import { absoluteDir, type FsState, scratchState, sourceState } from '../state/state.js';
import { lowerCopy, lowerDiff, lowerMerge, lowerMkdir, lowerMkfile, lowerRm } from './files.js';
import { lowerRun } from './run.js';
import { lowerGit, lowerHttp, lowerImage, lowerLocal } from './sources.js';

/** What an op yields, its operands lowered before. */
export function lowerOp(lowerer: Lowerer, op: Op, id: OpId): FsState {
  const { texts } = lowerer;
  try {
    switch (op.kind) {
      case 'scratch':
        return scratchState;
      case 'image':
        return lowerImage(lowerer, op, id);
      case 'http':
        return lowerHttp(lowerer, op);
      case 'git':
        return lowerGit(lowerer, op, id);
      case 'local':
        return lowerLocal(lowerer, op, id);
      case 'frontend':
        return frontendState(lowerer, id);
      case 'definition': {
        const definition = { def: op.def, digests: op.def.map(digestOf), metadata: new Map() };
        return fromDefinition(lowerer, definitionOutput(definition), readConfig(op.config));
      }
      case 'run':
        return lowerRun(lowerer, op, id);
      case 'copy':
        return lowerCopy(lowerer, op);
      case 'mkdir':
        return lowerMkdir(lowerer, op);
      case 'mkfile':
        return lowerMkfile(lowerer, op);
      case 'rm':
        return lowerRm(lowerer, op);
      case 'merge':
        return lowerMerge(lowerer, op);
      case 'diff':
        return lowerDiff(lowerer, op);
      case 'download':
      case 'download-tarball':
      case 'download-oci-tarball':
      case 'download-docker-tarball':
      case 'docker-push':
      case 'docker-load':
        return lowerer.state(op.input);
      case 'env':
      case 'dir':
      case 'user':
      case 'shell':
      case 'entrypoint':
      case 'cmd':
      case 'label':
      case 'expose':
      case 'volumes':
      case 'stop-signal':
        return lowerSetting(lowerer, op);
      default:
        throw new InternalError(`the text %${id} is lowered as a file system: ${texts.of({ text: id })}`);
    }
  } catch (error) {
    if (error instanceof BadValue) throw new LoweringProblem(placed(op, error, undefined));
    throw error;
  }
}

function lowerSetting(lowerer: Lowerer, op: SettingOp | ConfigOp): FsState {
  const { texts } = lowerer;
  const input = lowerer.open(op.input);
  const before = input.config;
  const { settings } = input;
  const set = (field: string, value: unknown): FsState => ({
    ...input,
    config: { kind: 'set', before, field, value },
  });
  switch (op.kind) {
    case 'env': {
      const key = texts.of(op.key);
      const value = texts.of(op.value);
      return {
        ...input,
        settings: { ...settings, environment: setVariable(settings.environment, key, value) },
        config: { kind: 'append', before, field: 'Env', value: `${key}=${value}` },
      };
    }
    case 'dir': {
      const path = texts.of(op.path);
      const configDir = absoluteDir(settings.configDir, path);
      return {
        ...input,
        settings: { ...settings, dir: configDir, configDir },
        config: {
          kind: 'history',
          before: { kind: 'set', before, field: 'WorkingDir', value: configDir },
          text: `WORKDIR ${configDir}`,
          empty: true,
        },
      };
    }
    case 'user': {
      const name = texts.of(op.name);
      const user = name === '' ? undefined : name;
      return {
        ...input,
        settings: { ...settings, user, configUser: user },
        config: {
          kind: 'history',
          before: { kind: 'set', before, field: 'User', value: name },
          text: `USER ${name}`,
          empty: true,
        },
      };
    }
    case 'shell': {
      const shell = op.args.map((text) => texts.of(text));
      return {
        ...set('Shell', shell),
        settings: { ...settings, shell: shell.length === 0 ? undefined : shell },
      };
    }
    case 'entrypoint': {
      const args = op.args.map((text) => texts.of(text));
      const change = set('Entrypoint', args).config;
      return { ...input, config: { kind: 'history', before: change, text: entrypointText(args), empty: true } };
    }
    case 'cmd':
      return set(
        'Cmd',
        op.args.map((text) => texts.of(text)),
      );
    case 'label':
      return { ...input, config: { kind: 'label', before, key: texts.of(op.key), value: texts.of(op.value) } };
    case 'expose':
      return {
        ...input,
        config: { kind: 'keys', before, field: 'ExposedPorts', keys: op.ports.map((text) => texts.of(text)) },
      };
    case 'volumes':
      return {
        ...input,
        config: { kind: 'keys', before, field: 'Volumes', keys: op.paths.map((text) => texts.of(text)) },
      };
    case 'stop-signal':
      return set('StopSignal', texts.of(op.signal));
  }
}

const decoder = new TextDecoder();

/** What a frontend's solve gave, by the results of its step. */
function frontendState(lowerer: Lowerer, id: OpId): FsState {
  const step = lowerer.steps.frontends.get(id);
  const result = step === undefined ? undefined : lowerer.results.get(step);
  if (result?.kind !== 'frontend') throw new InternalError(`the frontend %${id} has no result`);
  const config = result.metadata.get('containerimage.config');
  const output = result.definition === undefined ? undefined : definitionOutput(result.definition);
  return fromDefinition(lowerer, output, config === undefined ? undefined : readConfig(decoder.decode(config)));
}

/**
 * A file system that came as LLB. The reference carries its config for outputs only, and runs commands on it without the
 * environment, directory and user that the config says; above `-O0` they hold for commands, too.
 */
function fromDefinition(lowerer: Lowerer, output: FsState['output'], config: ImageConfig | undefined): FsState {
  if (config === undefined) return sourceState(output);
  const { user, dir: configDir, env } = configSettings(config);
  const settings = { configUser: user, configDir };
  const commands = { environment: environmentOf(env), dir: absoluteDir('/', configDir) };
  const state = sourceState(output, lowerer.context.level === 'O0' ? settings : { ...settings, ...commands });
  return { ...state, config: { kind: 'base', config } };
}
