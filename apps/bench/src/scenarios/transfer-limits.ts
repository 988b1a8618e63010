import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Limit, Scenario } from '../contest.js';
import { measureSession, type SessionFigures } from '../transfer-limits/measured-session.js';
import { giveFolder, type PlayedEntry, takeFolder } from '../transfer-limits/play-engine.js';

const FOLDERS = 600;
const FILES_IN_A_FOLDER = 1000;
/** Bytes of every tenth file; the others are empty, which makes them no less work but for the disk. */
const FILE_BYTES = 100;

const SMALL_FILE = 200_000_000;
const BIG_FILE = 2_000_000_000;

/** Memory and answers to the health check while much is transferred, by a session in a process of its own with a played engine. */
export const transferLimits: Scenario = {
  name: 'transfer-limits',
  what: `memory and health of a session with ${FOLDERS * FILES_IN_A_FOLDER} files, and with files of up to ${BIG_FILE / 1e9} GB`,
  async prepare({ folder }) {
    const sendTree = once(() => sendFolder(folder, (path) => makeTree(path)));
    const receiveTree = once(() => receiveFolder(folder, treeEntries));
    const sendSmall = once(() => sendFolder(folder, (path) => makeFile(path, SMALL_FILE)));
    const sendBig = once(() => sendFolder(folder, (path) => makeFile(path, BIG_FILE)));
    const receiveSmall = once(() => receiveFolder(folder, () => [{ path: 'file', size: SMALL_FILE }]));
    const receiveBig = once(() => receiveFolder(folder, () => [{ path: 'file', size: BIG_FILE }]));
    const files = `${FOLDERS * FILES_IN_A_FOLDER} files`;
    const limits: Limit[] = [
      memory('send-many-files/memory', `sending ${files}`, async () => (await sendTree()).peak),
      ...answers('send-many-files', `sending ${files}`, sendTree),
      memory('receive-many-files/memory', `receiving ${files}`, async () => (await receiveTree()).peak),
      ...answers('receive-many-files', `receiving ${files}`, receiveTree),
      growth('send-big-file/growth', 'sending', async () => (await sendBig()).peak - (await sendSmall()).peak),
      ...answers('send-big-file', 'sending a big file', sendBig),
      growth(
        'receive-big-file/growth',
        'receiving',
        async () => (await receiveBig()).peak - (await receiveSmall()).peak,
      ),
      ...answers('receive-big-file', 'receiving a big file', receiveBig),
    ];
    return { contests: [], limits, dispose: async () => {} };
  },
};

function memory(name: string, what: string, bytes: () => Promise<number>): Limit {
  return { name, what: `peak memory ${what}`, unit: 'MB', most: 400, measure: async () => (await bytes()) / 1e6 };
}

function growth(name: string, what: string, bytes: () => Promise<number>): Limit {
  const sizes = `${BIG_FILE / 1e6} MB and with ${SMALL_FILE / 1e6} MB`;
  return {
    name,
    what: `peak memory ${what} a file: the difference between one with ${sizes}`,
    unit: 'MB',
    most: 40,
    measure: async () => (await bytes()) / 1e6,
  };
}

/** How long the other side waits for an answer, its own delays and the machine's among it; and what of it can be the session's own work. */
function answers(name: string, what: string, figures: () => Promise<SessionFigures>): readonly Limit[] {
  return [
    {
      name: `${name}/health`,
      what: `longest answer to a health check while ${what}`,
      unit: 'ms',
      most: 100,
      measure: async () => (await figures()).health,
    },
    {
      name: `${name}/event-loop`,
      what: `longest time that the session's event loop does not run while ${what}`,
      unit: 'ms',
      most: 100,
      measure: async () => (await figures()).blocked,
    },
  ];
}

async function sendFolder(folder: string, fill: (path: string) => void): Promise<SessionFigures> {
  const path = join(folder, 'src');
  await mkdir(path);
  fill(path);
  try {
    return await measureSession(folder, 'send', path, async (channel) => {
      await takeFolder(channel);
    });
  } finally {
    await rm(path, { recursive: true });
  }
}

async function receiveFolder(folder: string, entries: () => Iterable<PlayedEntry>): Promise<SessionFigures> {
  const path = join(folder, 'out');
  try {
    return await measureSession(folder, 'receive', path, (channel) => giveFolder(channel, entries()));
  } finally {
    await rm(path, { recursive: true });
  }
}

function makeTree(path: string): void {
  const content = Buffer.alloc(FILE_BYTES, 'x');
  for (const { path: name, size } of treeEntries()) {
    if (size === undefined) mkdirSync(join(path, name));
    else writeFileSync(join(path, name), content.subarray(0, size));
  }
}

/** A file without blocks on the disk: what is read of it are zeros. */
function makeFile(path: string, size: number): void {
  writeFileSync(join(path, 'file'), '');
  truncateSync(join(path, 'file'), size);
}

/** In the order of a transfer. */
function* treeEntries(): Generator<PlayedEntry, void, undefined> {
  for (let i = 0; i < FOLDERS; i++) {
    const path = `folder-${String(i).padStart(4, '0')}`;
    yield { path, size: undefined };
    for (let j = 0; j < FILES_IN_A_FOLDER; j++) {
      yield { path: `${path}/file-${String(j).padStart(4, '0')}`, size: j % 10 === 0 ? FILE_BYTES : 0 };
    }
  }
}

/** Figures of one run serve several limits. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}
