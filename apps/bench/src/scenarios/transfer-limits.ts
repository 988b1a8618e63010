import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Limit, Scenario } from '../contest.js';
import { withBusyCores } from '../transfer-limits/busy-cores.js';
import { measureSession, type SessionFigures } from '../transfer-limits/measured-session.js';
import { giveFolder, type PlayedEntry, takeFolder } from '../transfer-limits/play-engine.js';

const PARTS = 10;
const FOLDERS_OF_A_PART = 60;
const FILES_OF_A_FOLDER = 1000;
const FILES = PARTS * FOLDERS_OF_A_PART * FILES_OF_A_FOLDER;
/** Bytes of every tenth file; the others are empty, which makes them no less work but for the disk. */
const FILE_BYTES = 100;

/** Bytes of a file, and of one from which memory must not grow. */
interface Sizes {
  readonly small: number;
  readonly big: number;
}

/** Of one file alone. */
const ALONE: Sizes = { small: 200_000_000, big: 2_000_000_000 };
/** Of each of ten files at once. */
const AT_ONCE: Sizes = { small: 25_000_000, big: 250_000_000 };

/** What an answer to the health check may take, in ms. */
const HEALTH = 100;
/** What it may take more than an idle server on a machine that lets that one wait for long, in ms. */
const BEYOND_IDLE = 50;

/** Memory and answers to the health check while much is transferred, by a session in a process of its own with a played engine. */
export const transferLimits: Scenario = {
  name: 'transfer-limits',
  what: `memory and health of a session with ${FILES} files, and with files of up to ${ALONE.big / 1e9} GB`,
  async prepare({ folder }) {
    const tree = join(folder, 'tree');
    const flat = join(folder, 'flat');
    const made = once(() => makeTree(tree, treeEntries()));
    const whole = new Map([['src', tree]]);
    const parts = new Map(Array.from({ length: PARTS }, (_, i) => [`part-${i}`, join(tree, `part-${i}`)]));
    const sendTree = async (folders: ReadonlyMap<string, string>): Promise<SessionFigures> => {
      await made();
      return await send(folder, folders);
    };
    const sendFlat = async (): Promise<SessionFigures> => {
      await makeTree(flat, flatEntries());
      return await send(folder, new Map([['src', flat]])).finally(() => rm(flat, { recursive: true }));
    };
    const receiveTree = (): Promise<SessionFigures> => receive(folder, treeEntries());
    const limits: Limit[] = [
      ...manyFiles('send-many-files', `sending ${FILES} files`, () => sendTree(whole)),
      ...manyFiles('send-many-files/busy', `sending ${FILES} files, all cores busy with others`, () =>
        withBusyCores(() => sendTree(whole)),
      ),
      ...manyFiles('send-many-folders', `sending ${PARTS} folders of ${FILES / PARTS} files at once`, () =>
        sendTree(parts),
      ),
      ...manyFiles('send-flat-folder', `sending one folder of ${FILES} files`, sendFlat),
      ...manyFiles('receive-many-files', `receiving ${FILES} files`, receiveTree),
      ...manyFiles('receive-many-files/busy', `receiving ${FILES} files, all cores busy with others`, () =>
        withBusyCores(receiveTree),
      ),
      ...bigFiles('send-big-file', 'sending a file', ALONE, (size) => sendFiles(folder, 1, size)),
      ...bigFiles('send-big-files', `sending ${PARTS} files of as many folders at once, each`, AT_ONCE, (size) =>
        sendFiles(folder, PARTS, size),
      ),
      ...bigFiles('receive-big-file', 'receiving a file', ALONE, (size) => receive(folder, [{ path: 'file', size }])),
    ];
    return { contests: [], limits, dispose: () => rm(tree, { recursive: true, force: true }) };
  },
};

function manyFiles(name: string, what: string, run: () => Promise<SessionFigures>): readonly Limit[] {
  const figures = once(run);
  return [
    {
      name: `${name}/memory`,
      what: `peak memory ${what}`,
      unit: 'MB',
      most: 400,
      measure: async () => ({ figure: (await figures()).peak / 1e6 }),
    },
    health(name, what, figures),
  ];
}

function bigFiles(
  name: string,
  what: string,
  sizes: Sizes,
  run: (size: number) => Promise<SessionFigures>,
): readonly Limit[] {
  const small = once(() => run(sizes.small));
  const big = once(() => run(sizes.big));
  return [
    {
      name: `${name}/growth`,
      what: `peak memory ${what}: what ${sizes.big / 1e6} MB need more than ${sizes.small / 1e6} MB`,
      unit: 'MB',
      most: 40,
      measure: async () => {
        const less = (await small()).peak;
        const more = (await big()).peak;
        return { figure: (more - less) / 1e6, beside: `the peak itself: ${(more / 1e6).toFixed(0)} MB` };
      },
    },
    health(name, `${what} of ${sizes.big / 1e6} MB`, big),
  ];
}

/** How long the other side waits for an answer, and what an idle server on this machine took meanwhile. */
function health(name: string, what: string, figures: () => Promise<SessionFigures>): Limit {
  return {
    name: `${name}/health`,
    what: `longest answer to a health check ${what}`,
    unit: 'ms',
    most: HEALTH,
    measure: async () => {
      const { health: ours, idle, held } = await figures();
      return {
        figure: ours.worst,
        most: Math.max(HEALTH, idle.worst + BEYOND_IDLE),
        beside: [
          `99 of 100 within ${ours.most.toFixed(0)} ms`,
          `event loop held for ${held.toFixed(0)} ms, waits for a core apart`,
          `an idle server: ${idle.worst.toFixed(0)} ms, 99 of 100 within ${idle.most.toFixed(0)} ms`,
        ].join('; '),
      };
    },
  };
}

/** Sends folders, all at once, by the names of a session. */
function send(place: string, folders: ReadonlyMap<string, string>): Promise<SessionFigures> {
  return measureSession(place, { mode: 'send', folders }, async (channel) => {
    await Promise.all([...folders.keys()].map((name) => takeFolder(channel, name)));
  });
}

/** Sends files at once, each of a folder of its own. They have no blocks on the disk: what is read of them are zeros. */
async function sendFiles(place: string, count: number, size: number): Promise<SessionFigures> {
  const big = join(place, 'big');
  const folders = new Map(Array.from({ length: count }, (_, i) => [`big-${i}`, join(big, String(i))]));
  for (const folder of folders.values()) {
    await mkdir(folder, { recursive: true });
    writeFileSync(join(folder, 'file'), '');
    truncateSync(join(folder, 'file'), size);
  }
  return await send(place, folders).finally(() => rm(big, { recursive: true }));
}

async function receive(place: string, entries: Iterable<PlayedEntry>): Promise<SessionFigures> {
  const folder = join(place, 'out');
  const played = measureSession(place, { mode: 'receive', folder }, (channel) => giveFolder(channel, entries));
  return await played.finally(() => rm(folder, { recursive: true, force: true }));
}

async function makeTree(folder: string, entries: Iterable<PlayedEntry>): Promise<void> {
  const content = Buffer.alloc(FILE_BYTES, 'x');
  mkdirSync(folder);
  for (const { path, size } of entries) {
    if (size === undefined) mkdirSync(join(folder, path));
    else writeFileSync(join(folder, path), content.subarray(0, size));
  }
}

/** In the order of a transfer. */
function* treeEntries(): Generator<PlayedEntry, void, undefined> {
  for (let i = 0; i < PARTS; i++) {
    const part = `part-${i}`;
    yield { path: part, size: undefined };
    for (let j = 0; j < FOLDERS_OF_A_PART; j++) {
      const folder = `${part}/folder-${String(j).padStart(2, '0')}`;
      yield { path: folder, size: undefined };
      for (let k = 0; k < FILES_OF_A_FOLDER; k++) yield file(`${folder}/file-${String(k).padStart(3, '0')}`, k);
    }
  }
}

function* flatEntries(): Generator<PlayedEntry, void, undefined> {
  for (let i = 0; i < FILES; i++) yield file(`file-${String(i).padStart(6, '0')}`, i);
}

function file(path: string, place: number): PlayedEntry {
  return { path, size: place % 10 === 0 ? FILE_BYTES : 0 };
}

/** Figures of one run serve several limits. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}
