import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

test('a command with a port and a socket of this host is cached when it is built again, wherever temporary files are', async () => {
  const server = createServer((socket) => socket.end('from the host\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cwd = await folderWith({ 'one/x': '', 'two/x': '' });
  const program = `fs default() {
	image "${testEngine().registry}/base"
	run "nc local:/forwarded </dev/null > /said; echo ${port} $RANDOM >> /said" with option {
		forward "tcp://127.0.0.1:${port}" "/forwarded"
		forward "unix://${join(cwd, 'host.sock')}" "/other"
	}
}
`;
  const folder = await folderWith({ 'build.hlb': program });
  const outputs: string[] = [];
  for (const temporary of ['one', 'two']) {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = join(cwd, temporary);
    try {
      const { code, stderr } = await cli(['--engine', testEngine().address, 'run', '--log-output', 'plain'], {
        cwd: folder,
      });
      expect(code).toBe(0);
      outputs.push(stderr);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  }
  const [first = '', second = ''] = outputs;
  expect(first).toMatch(/#\d+ \S*.*nc local[^\n]*\n(?:(?!CACHED)[\s\S])*DONE/);
  const step = /#(\d+) [^\n]*nc local/.exec(second)?.[1];
  expect(second).toContain(`#${step} CACHED`);
});
