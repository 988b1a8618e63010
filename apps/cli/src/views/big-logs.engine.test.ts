import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineDown, enginePurge, engineUp } from '@hlb/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testPackages } from '../../../../tests/support/engine-global-setup.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

// An engine of its own, which cuts no log; the packages are those that the test run has unpacked already.
let folder: string;
let limitless: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hlb-logs-'));
  const options = { dir: folder, packages: testPackages() };
  limitless = (await engineUp({ ...options, logLimits: 'none' })).address;
});

afterAll(async () => {
  await engineDown({ dir: folder });
  await enginePurge({ dir: folder });
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command, which is never found in the cache; each of its lines as the plain view shows it, without what is before it. */
async function logOf(
  engine: string,
  command: string,
  view = 'plain',
): Promise<{ lines: readonly string[]; stderr: string; code: number }> {
  const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\trun \`${command} # ${Date.now()}\`\n}\n`;
  const cwd = await folderWith({ 'build.hlb': program });
  const { code, stderr } = await cli(['--engine', engine, 'run', '--log-output', view], { cwd });
  const lines = [...stderr.matchAll(/^#\d+ \d+\.\d{3} (.*)$/gm)].map(([, line = '']) => line);
  return { code, stderr, lines };
}

test('a hundred thousand lines come whole and in order', async () => {
  const { lines, code } = await logOf(limitless, 'seq 1 100000');
  expect(code).toBe(0);
  expect(lines).toHaveLength(100_000);
  expect(lines.every((line, place) => line === String(place + 1))).toBe(true);
});

test('a line of 20 MB comes whole, in pieces', async () => {
  const { lines, code } = await logOf(limitless, "head -c 20000000 /dev/zero | tr '\\\\0' x");
  expect(code).toBe(0);
  expect(lines.join('').replaceAll('…', '').length).toBe(20_000_000);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(20_000);
});

const escapes = "head -c 200000 /dev/urandom; printf '\\\\033[2J\\\\033]0;title\\\\007\\\\033[?1049h\\\\n'";

test.each(['plain', 'tty'])('bytes that would steer a terminal are shown by the %s view, not obeyed', async (view) => {
  const { stderr, code } = await logOf(limitless, escapes, view);
  expect(code).toBe(0);
  // What the view itself writes to a terminal: moves, erasing, the cursor, and that lines are drawn together.
  const own =
    view === 'tty' ? stderr.replace(/\u001b\[(?:\d*[AJK]|\?25[hl]|\?2026[hl])/g, '').replaceAll('\r', '') : stderr;
  expect(own).not.toMatch(/[^\P{Cc}\n\t]/u);
});

test('what an engine with its usual limits cuts is told where it is cut, and once at the end with what lifts it', async () => {
  const { stderr, lines } = await logOf(testEngine().address, 'seq 1 1000000');
  expect(lines.length).toBeLessThan(1_000_000);
  expect(lines.some((line) => /^\[output clipped, log limit .* reached\]$/.test(line))).toBe(true);
  expect(stderr.match(/BUILDKIT_STEP_LOG_MAX_SIZE/g)).toHaveLength(1);
  expect(stderr).toMatch(/^warning: the engine cut the log of seq 1 1000000 .* at \S+\n/m);
});
