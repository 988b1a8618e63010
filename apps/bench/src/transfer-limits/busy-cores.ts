import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';

/** Keeps a core busy, and ends with the process that has started it. */
const BUSY = 'const parent = process.ppid; while (process.ppid === parent);';

/** Does something while another program keeps every core of the machine busy. */
export async function withBusyCores<Result>(work: () => Promise<Result>): Promise<Result> {
  const programs = cpus().map(() => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }));
  try {
    return await work();
  } finally {
    await Promise.all(
      programs.map(async (program) => {
        const ended = once(program, 'exit');
        program.kill();
        await ended;
      }),
    );
  }
}
