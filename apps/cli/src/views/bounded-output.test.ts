import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { BoundedOutput } from './bounded-output.js';
import { BuildState } from './build-state.js';
import { PlainView } from './plain/plain-view.js';
import { RawJsonView } from './rawjson-view.js';
import { log, vertex } from './sample-events.js';

/** A stream of which nothing is read until `read` is called, and then all. */
function pager(): { out: Writable; text: () => string; read: () => Promise<void> } {
  let text = '';
  let reading = false;
  let take: (() => void) | undefined;
  const out = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      if (reading) done();
      else take = done;
    },
  });
  return {
    out,
    text: () => text,
    read: async () => {
      reading = true;
      take?.();
      await new Promise<void>((resolve) => out.write('', () => resolve()));
    },
  };
}

test('lines beyond the limit are left out and counted at their place; what must be seen never is', async () => {
  const { out, text, read } = pager();
  const bounded = new BoundedOutput(out, 100);
  for (let line = 1; line <= 50; line += 1) bounded.writeLines([`line ${line}`]);
  bounded.write('DONE\n');
  expect(out.writableLength).toBeLessThan(200);
  await read();
  bounded.writeLines(['after']);
  bounded.tell();
  const lines = text().trimEnd().split('\n');
  const kept = lines.filter((line) => line.startsWith('line ')).length;
  expect(kept).toBeGreaterThan(5);
  expect(lines.slice(kept)).toEqual([
    'DONE',
    `… ${50 - kept} lines left out here: nobody read them in time …`,
    'after',
  ]);
});

/** A megabyte of lines. */
const chunk = `${'x'.repeat(1023)}\n`.repeat(1024);

/** Gives a view a step that logs 40 MB which nobody reads until the view has ended. */
async function logUnread(
  view: PlainView | RawJsonView,
  out: ReturnType<typeof pager>['out'],
  read: ReturnType<typeof pager>['read'],
): Promise<void> {
  view.event(vertex('sha256:a', 'make', { started: 0 }));
  for (let megabyte = 0; megabyte < 40; megabyte += 1) view.event(log('sha256:a', 0, chunk));
  view.event(vertex('sha256:a', 'make', { started: 0, completed: 900 }));
  expect(out.writableLength).toBeLessThan(20 * 1024 * 1024);
  view.end();
  await read();
}

test('the plain view of a log without end stays bounded while its reader stands still, and tells how each step ended', async () => {
  const { out, text, read } = pager();
  const view = new PlainView(out, new BuildState());
  await logUnread(view, out, read);
  const lines = text().trimEnd().split('\n');
  const logged = lines.filter((line) => line.endsWith('x')).length;
  expect(lines.slice(-2)).toEqual([
    '#1 DONE 0.9s',
    `… ${40 * 1024 - logged} lines left out here: nobody read them in time …`,
  ]);
});

test('rawjson stays whole documents, and the log says how many bytes it lacks', async () => {
  const { out, text, read } = pager();
  const view = new RawJsonView(out, new BuildState());
  await logUnread(view, out, read);
  const documents: { logs?: { data: string }[]; vertexes?: { completed?: string }[] }[] = text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(documents.filter(({ vertexes }) => vertexes?.[0]?.completed !== undefined)).toHaveLength(1);
  const logs = documents.flatMap(({ logs = [] }) => logs.map(({ data }) => Buffer.from(data, 'base64').toString()));
  const kept = logs.filter((data) => data === chunk).length;
  expect(logs).toHaveLength(kept + 1);
  expect(logs.at(-1)).toBe(`\n… ${(40 - kept) * chunk.length} bytes left out here: nobody read them in time …\n`);
});
