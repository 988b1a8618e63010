import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';

const program = `fs default() {
	image "node"
	mkdir "/app" 0o755
	copy local(".") "package.json" "/app/"
}
`;
const files = { 'build.hlb': program, 'package.json': '{}' };
const dump = ['dump', '--offline', '--stage', 'ir'];

async function names(cwd: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await cli(['passes', '--json', ...args], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout).passes.map(({ name }: { name: string }) => name);
}

describe('a pass of the project that runs on request', () => {
  test('runs in its place where --pass names it', async () => {
    const cwd = await folderWith(files);
    expect((await cli(dump, { cwd })).stdout).not.toContain('include=');
    const { code, stdout, stderr } = await cli([...dump, '--pass', 'narrow-locals', '--pass', 'link-copies'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('include=["package.json"]');
    expect(stdout).toMatch(/copy .* link/);
    const order = await names(cwd, '--pass', 'link-copies', '--pass', 'narrow-locals');
    expect(order.indexOf('prune')).toBeLessThan(order.indexOf('link-copies'));
    expect(order.indexOf('link-copies')).toBeLessThan(order.indexOf('join-files'));
  });

  test('runs where the configuration names it, and not at -O0', async () => {
    const cwd = await folderWith({
      ...files,
      'hlb.config.json': '{ "passes": [{ "pass": "narrow-locals" }], "skipPasses": "join-files" }',
    });
    expect(await names(cwd)).toContain('narrow-locals');
    expect(await names(cwd)).not.toContain('join-files');
    expect((await cli(dump, { cwd })).stdout).toContain('include=["package.json"]');
    expect((await cli([...dump, '-O0'], { cwd })).stdout).not.toContain('include=');
  });

  test('is listed with how to ask for it', async () => {
    const cwd = await folderWith(files);
    const { stdout } = await cli(['passes', '--skip-pass', 'prune'], { cwd });
    const [, others = ''] = stdout.split('do not run:\n');
    expect(others).toMatch(/^prune +left out, as it is said$/m);
    expect(others).toMatch(/^narrow-locals +on request: --pass narrow-locals\n +Sends of local directories/m);
    const { stdout: exact } = await cli(['passes', '-O0', '--pass', 'link-copies'], { cwd });
    expect(exact).toMatch(/^link-copies +not at -O0$/m);
  });

  test('takes no options', async () => {
    const cwd = await folderWith(files);
    const { code, stderr } = await cli([...dump, '--pass', 'narrow-locals:{"x":1}'], { cwd });
    expect(stderr).toMatch(/HLB0613.*the pass narrow-locals takes no options/);
    expect(code).toBe(1);
  });
});

test('--skip-pass leaves an optional pass out', async () => {
  const cwd = await folderWith({ 'build.hlb': program.replace('local(".")', 'fs { image "x"; }') });
  expect((await cli(dump, { cwd })).stdout).toContain('continued');
  const { stdout } = await cli([...dump, '--skip-pass', 'join-files'], { cwd });
  expect(stdout).toContain('mkdir');
  expect(stdout).not.toContain('continued');
});

test.each([
  [['--skip-pass', 'fold-strings'], "the pass fold-strings can't be left out: every build needs it"],
  [['--skip-pass', 'narrow-locals'], 'the pass narrow-locals runs only where it is asked for'],
  [['--skip-pass', 'nothing'], 'there is no pass nothing to leave out'],
  [['--pass', 'prune'], 'the pass prune runs without being asked for'],
])('%s is told', async (args, message) => {
  const cwd = await folderWith(files);
  const { code, stdout, stderr } = await cli([...dump, ...args], { cwd });
  expect(stderr).toContain(`error: ${message}`);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
