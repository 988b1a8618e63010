import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from '../../fixtures/fake-engine.js';
import { sendEntries } from '../../fixtures/fake-transfer.js';
import { directory, file } from '../../fixtures/sent-entries.js';

// A process of its own that receives a directory, and exits amid that: when so much has come, when it is told to, or while it is put in place.
// Tells how many threads it has had.
const program = `
import { connect } from 'node:net';
import { writeSync } from 'node:fs';
import { openSession } from './session.ts';
const [socket, out, entries, turns] = process.argv.slice(2);
let threads = 0;
process.on('worker', () => { threads += 1; });
const exit = () => {
  writeSync(1, String(threads));
  process.exit(3);
};
process.on('SIGTERM', exit);
openSession({ openSessionStream: async () => connect(socket) }).then((session) => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  session.onTransfer((event) => {
    if (event.state === 'running' && event.entries >= Number(entries)) exit();
    if (event.state !== 'done') return;
    target.commit();
    let turn = 0;
    const next = () => (turn++ < Number(turns) ? setImmediate(next) : exit());
    next();
  });
});
`;

const FILES = 1500;
const sent = [directory('d'), ...Array.from({ length: FILES }, (_, i) => file(`d/${10_000 + i}`, `new ${i}`))];

let programs: string;
let folder: string;
let out: string;

beforeAll(async () => {
  programs = mkdtempSync(join(tmpdir(), 'exits-'));
  for (const name of ['thread', 'no-thread']) {
    await build({
      stdin: { contents: program, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
      outfile: join(programs, name, 'program.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      conditions: ['@hlb/source'],
      define: { 'import.meta.url': 'fileUrl' },
      banner: { js: 'const fileUrl = require("node:url").pathToFileURL(__filename).href;' },
      external: ['@napi-rs/xattr'],
      logLevel: 'error',
    });
    writeFileSync(join(programs, name, 'package.json'), '{ "type": "module" }');
  }
  await build({
    entryPoints: [join(import.meta.dirname, 'receive-worker.ts')],
    outfile: join(programs, 'thread/receive-worker.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@hlb/source'],
    external: ['@napi-rs/xattr'],
    logLevel: 'error',
  });
});

afterAll(() => rmSync(programs, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exit-'));
  out = join(folder, 'out');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Lets the program receive, and waits for its end. `meanwhile` may do something to it. Returns what it has told. */
async function receive(
  form: string,
  ends: { readonly entries?: number; readonly turns?: number },
  meanwhile: (child: ChildProcess) => void = () => undefined,
): Promise<string> {
  const path = join(programs, `${form}.sock`);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const { entries = Number.POSITIVE_INFINITY, turns = 0 } = ends;
  const args = [join(programs, form, 'program.cjs'), path, out, String(entries), String(turns)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  const exited = once(child, 'close');
  const [socket]: Socket[] = await Promise.race([once(server, 'connection'), exited.then(() => [])]);
  server.close();
  if (!socket) throw new Error('the program has ended too early');
  const engine = new FakeEngine(async () => [socket, socket]);
  await engine.openSessionStream([]);
  const sending = sendEntries(engine, 0, sent);
  meanwhile(child);
  expect(await exited).toEqual([3, null]);
  await engine.close();
  await sending;
  return told;
}

const forms: readonly (readonly [string, string])[] = [
  ['thread', '1'],
  ['no-thread', '0'],
];

test.each(forms)('%s: a process that exits amid what it receives leaves nothing behind', async (form, threads) => {
  for (const entries of [0, 1000, FILES]) {
    expect(await receive(form, { entries })).toBe(threads);
    expect(readdirSync(folder)).toEqual([]);
  }
});

test.each(forms)('%s: nor does one that is told to end', async (form) => {
  for (let round = 0; round < 5; round++) {
    await receive(form, {}, (child) => {
      const look = (): void => {
        // As soon as there is something, and some turns later.
        if (turns > 0 || readdirSync(folder).length > 0) turns += 1;
        if (turns > round * 500) child.kill('SIGTERM');
        else setImmediate(look);
      };
      let turns = 0;
      look();
    });
    expect(readdirSync(folder)).toEqual([]);
  }
});

test.each(forms)(
  '%s: one that exits while files are put in place leaves each as it was or as it shall be',
  async (form) => {
    mkdirSync(join(out, 'd'), { recursive: true });
    for (let i = 0; i < FILES; i++) writeFileSync(join(out, `d/${10_000 + i}`), `old ${i}`);
    for (const turns of [0, 20, 300, 5000]) {
      await receive(form, { turns });
      expect(readdirSync(folder)).toEqual(['out']);
      expect(readdirSync(join(out, 'd'))).toHaveLength(FILES);
      const contents = Array.from({ length: FILES }, (_, i) => readFileSync(join(out, `d/${10_000 + i}`), 'utf8'));
      expect(contents.filter((content, i) => content !== `old ${i}` && content !== `new ${i}`)).toEqual([]);
    }
  },
);
