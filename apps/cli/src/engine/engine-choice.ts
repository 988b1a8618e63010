import { ConnectError, engineAddresses } from '@hlb/buildkit';
import { canManageEngine, engineUp } from '@hlb/engine';
import { type Build, type OpenBuildOptions, openBuild, SolveError, type SolveSettings } from '@hlb/runtime';
import { CommandError } from '../command-error.js';
import { engineFailure } from '../commands/engine.js';
import type { Io } from '../process/io.js';
import { retryNotice } from '../running/going-on.js';
import type { EarlyConnection } from './early-connection.js';

export interface EngineChoice {
  /** The address of `--engine`. */
  readonly engine: string | undefined;
  readonly signal: AbortSignal;
  /** Told in a line when an engine has to be started. */
  readonly notice: (text: string) => void;
  /** Used where it leads to the engine that is chosen. */
  readonly early?: EarlyConnection;
  /** What holds for all solves. */
  readonly settings?: SolveSettings;
}

/**
 * Opens a build on the first engine that answers: the address given, `BUILDKIT_HOST`, `DOCKER_HOST`, the docker context, the usual
 * sockets, and at last the managed engine, which is started where it can be. One that was asked for is the only one tried.
 */
export async function openChosenBuild(io: Io, choice: EngineChoice): Promise<Build> {
  const tried: string[] = [];
  try {
    for (const candidate of await engineAddresses({ address: choice.engine, env: io.env })) {
      try {
        const connection = await choice.early?.take(candidate.address);
        const taken = connection === undefined ? {} : { connection, closesConnection: true };
        return await openBuild({ ...candidate, ...optionsOf(io, choice), ...taken });
      } catch (error) {
        if (candidate.chosen || choice.signal.aborted || !(error instanceof ConnectError)) throw error;
        tried.push(`${candidate.address}: ${error.message}`);
      }
    }
    return await openManaged(io, choice, tried);
  } catch (error) {
    throw connectFailure(error);
  }
}

async function openManaged(io: Io, choice: EngineChoice, tried: readonly string[]): Promise<Build> {
  const answer = await canManageEngine({ env: io.env });
  if (!answer.can) {
    const looked = tried.length === 0 ? [] : [`Tried ${tried.join('; ')}.`];
    throw new CommandError('no BuildKit engine answers, and a managed one cannot be started here', {
      helps: [...looked, answer.why.reason, answer.why.help],
    });
  }
  try {
    let said = false;
    const info = await engineUp({
      env: io.env,
      signal: choice.signal,
      onProgress: (line) => {
        if (!said) choice.notice('no engine answers: starting the managed one (hlb engine)');
        said = true;
        choice.notice(`  ${line}`);
      },
    });
    if (!said) choice.notice(`using the managed engine (Docker Engine ${info.version})`);
    return await openBuild({ address: info.address, expect: 'docker', ...optionsOf(io, choice) });
  } catch (error) {
    throw engineFailure(error);
  }
}

function optionsOf({ env }: Io, { notice, signal, settings }: EngineChoice): OpenBuildOptions {
  return {
    env,
    signal,
    onRetry: (question, retry) => notice(retryNotice(question, retry)),
    ...(settings === undefined ? {} : { settings }),
  };
}

/** Why no connection could be made, as a message of a command; other errors pass. */
function connectFailure(error: unknown): unknown {
  if (error instanceof SolveError) {
    const { help } = error.details;
    return new CommandError(error.message, { helps: help === undefined ? [] : [help], cause: error });
  }
  if (!(error instanceof ConnectError)) return error;
  return new CommandError(error.message.replace(/\.$/, ''), {
    helps: error.help === '' ? [] : [error.help],
    cause: error,
  });
}
