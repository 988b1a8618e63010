import { describe, expect, test } from 'vitest';
import { runCommand } from './command.js';

describe('a command', () => {
  test('gives what it printed and how it ended', async () => {
    const lines: string[] = [];
    const script = 'printf "a\\nb\\n"; echo c >&2; exit 3';
    const result = await runCommand('sh', ['-c', script], { onLine: (line) => lines.push(line) });
    expect(result).toEqual({ exitCode: 3, stdout: 'a\nb\n', stderr: 'c\n' });
    expect(lines.sort()).toEqual(['a', 'b', 'c']);
  });

  test('that is missing names its package', async () => {
    await expect(runCommand('dpkg-deb', [], { env: { PATH: '/nowhere' } })).rejects.toMatchObject({
      code: 'command-failed',
      message: 'The command dpkg-deb is missing on this machine.',
      help: expect.stringContaining('apt-get install dpkg'),
    });
  });

  test('ends with the signal', async () => {
    const controller = new AbortController();
    const running = runCommand('sh', ['-c', 'echo up; exec sleep 600'], {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });
});
