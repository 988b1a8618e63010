import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

const program = 'fs default() {\n\tscratch\n\tmkfile "/said" 0o644 "quietly"\n\tdownload "out"\n}\n';

const shout = `{
  name: 'shout',
  run: (module) => ({
    ...module,
    ops: module.ops.map((op) => (op.kind === 'mkfile' ? { ...op, content: { text: 'LOUDLY' } } : op)),
  }),
}`;

test('hlb run builds what the passes of the configuration made, on the engine that it names', async () => {
  const cwd = await folderWith({
    'build.hlb': program,
    'hlb.config.mjs': `export default {
      passes: [{ pass: ${shout}, after: 'fold-strings' }],
      run: { engine: ${JSON.stringify(testEngine().address)}, logOutput: 'quiet' },
    };`,
  });
  const { code, stdout, stderr } = await cli(['run'], { cwd });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(join(cwd, 'out/said'), 'utf8')).toBe('LOUDLY');
});

test('hlb run builds nothing when a pass reports an error', async () => {
  const cwd = await folderWith({
    'build.hlb': program,
    'no.mjs':
      "export default { name: 'no', run(module, ctx) { ctx.report({ message: 'not today', at: module.ops[0].origins[0].span }); return module; } };",
  });
  const { code, stdout, stderr } = await cli(
    ['--engine', testEngine().address, 'run', '--log-output', 'plain', '--pass', './no.mjs'],
    { cwd },
  );
  expect(stderr).toMatch(/not today[\s\S]*build\.hlb:2:2[\s\S]*reported by the pass no/);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(existsSync(join(cwd, 'out'))).toBe(false);
});
