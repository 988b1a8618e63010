import { definitionBytes } from '@hlb/llb';
import { resolveLater } from '@hlb/plan';
import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { compileText } from './support/compile-text.js';
import { testEngine } from './support/test-engine.js';

// Engines take messages of 16 MiB; what a frontend is given goes in one, all its inputs and attributes together.

const MIB = 1024 * 1024;
/** What a request may hold of definitions and attributes: 64 KiB are kept for all else. */
const LIMIT = 16 * MIB - 64 * 1024;

/** A frontend with two inputs that hold `padding` bytes together, half in each, and an attribute of `attribute` bytes. */
function program(padding: number, attribute = 1): string {
  const [first, second] = ['x'.repeat(Math.floor(padding / 2)), 'y'.repeat(Math.ceil(padding / 2))];
  return `fs default() {
	frontend "dockerfile.v0" with option {
		input "context" context
		input "dockerfile" dockerfile
		opt "label:padding" "${'z'.repeat(attribute)}"
	}
	download "out"
}
fs context() {
	scratch
	mkfile "/small" 0o644 "small"
	mkfile "/big" 0o644 "${first}"
}
fs dockerfile() {
	scratch
	mkfile "/Dockerfile" 0o644 "FROM scratch\\nCOPY small /\\n"
	mkfile "/big" 0o644 "${second}"
}
`;
}

/** How many bytes of the request are no padding: the message without places in sources, as it is sent when it is big. */
async function overhead(padding: number): Promise<number> {
  const { plan } = await compileText(program(padding), { sessionId: 's' });
  const step = plan?.steps[0];
  if (step?.kind !== 'frontend') throw new Error('the plan does not begin with the frontend');
  let size = 0;
  for (const later of step.inputs.values()) {
    const { source: _, ...bare } = resolveLater(later, new Map());
    size += definitionBytes(bare).length + 32;
  }
  const texts = [...resolveLater(step.attrs, new Map())].flat();
  return size + texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 32, 0) - padding;
}

async function run(text: string) {
  const cwd = await folderWith({ 'build.hlb': text });
  return cli(['--engine', testEngine().address, 'run', '--log-output', 'plain'], { cwd });
}

test('inputs are counted together, as the engine counts them: what just fits is built, a little more is told with each size', async () => {
  // Names of files stand in what is kept of each op, and are others here.
  const most = LIMIT - (await overhead(15 * MIB)) - 1024;
  const fits = await run(program(most));
  // Engines before BuildKit 0.14 take 4 MiB, and say so.
  const [, size, limit] = /larger than max \((\d+) vs\.\s+(\d+)\)/.exec(fits.stderr) ?? [];
  if (size === undefined) expect(fits.code).toBe(0);
  else {
    expect(LIMIT - Number(size)).toBeLessThan(2048);
    const own = most - (Number(size) - Number(limit));
    const below = await run(program(own - 1024));
    expect(below.code, below.stderr.slice(-2000)).toBe(0);
    expect((await run(program(own + 1024))).stderr).toContain(`this engine takes ${Number(limit) / MIB}.0 MiB`);
  }
  const beyond = await run(program(most + 2048));
  expect(beyond.code).toBe(1);
  expect(beyond.stderr).toContain('error HLB0524: the definition of the inputs of dockerfile.v0 takes');
  expect(beyond.stderr.replace(/\s+/g, ' ')).toMatch(
    /It is sent with all its inputs at once: the input "(context|dockerfile)" \(8\.0 MiB\), the input/,
  );
  expect(beyond.stderr).toContain('build.hlb:2:');
});

test('attributes count as well', async () => {
  const { code, stderr } = await run(program(15 * MIB, MIB));
  expect(code).toBe(1);
  expect(stderr).toContain('error HLB0524');
  expect(stderr.replace(/\s+/g, ' ')).toContain('Texts that go with it take 1.0 MiB');
});
