import { EngineError, type EngineInfo, engineDown, enginePurge, engineStatus, engineUp } from '@hlb/engine';
import { CommandError } from '../command-error.js';
import { onInterrupt } from '../process/interrupt.js';
import { type Io, write } from '../process/io.js';

/** `hlb engine up|down|status|purge`. Exit code 1 when the engine is not up (`status`), or can't be brought into the wanted state. */
export async function engine(
  io: Io,
  verb: 'up' | 'down' | 'status' | 'purge',
  options: { readonly json?: boolean },
): Promise<number> {
  const interrupt = onInterrupt();
  const common = {
    env: io.env,
    signal: interrupt.signal,
    onProgress: (line: string) => void io.stderr.write(`${line}\n`),
  };
  try {
    switch (verb) {
      case 'up': {
        const info = await engineUp(common);
        await write(io.stdout, options.json === true ? json({ state: 'up', ...info }) : upText(info));
        return 0;
      }
      case 'status': {
        const status = await engineStatus(common);
        if (options.json === true) await write(io.stdout, json(status));
        else if (status.state === 'up') await write(io.stdout, upText(status));
        else if (status.state === 'down') await write(io.stdout, 'down\n');
        else await write(io.stdout, `unusable: ${status.reason}\n  help: ${status.help}\n`);
        return status.state === 'up' ? 0 : 1;
      }
      case 'down':
      case 'purge':
        await (verb === 'down' ? engineDown(common) : enginePurge(common));
        if (options.json === true) await write(io.stdout, json({ state: 'down' }));
        return 0;
    }
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    throw engineFailure(error);
  } finally {
    interrupt.dispose();
  }
}

/** What went wrong with the managed engine, as a message of a command; other errors pass. */
export function engineFailure(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  return new CommandError(error.message.replace(/\.$/, ''), { helps: [error.help], cause: error });
}

function upText(info: EngineInfo): string {
  return `up: Docker Engine ${info.version} (${info.suite})\nexport DOCKER_HOST=${info.address}\n`;
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
