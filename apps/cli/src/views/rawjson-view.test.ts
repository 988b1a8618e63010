import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BuildState } from './build-state.js';
import { RawJsonView } from './rawjson-view.js';
import { grouped, log, progress, vertex, warning } from './sample-events.js';

test("a document a line, in the form of BuildKit's solve status", () => {
  const out = new PassThrough();
  const view = new RawJsonView(out, new BuildState());
  view.event(vertex('sha256:a', 'a', { started: 1000, completed: 2500, cached: true }));
  view.event(progress('sha256:a', 'layer', 5n, 10n));
  view.event(log('sha256:a', 1500, 'hi', 'stderr'));
  view.event({ kind: 'build-opened', time: 0, sessionId: 's', engine: 'e' });
  const lines = String(out.read()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      vertexes: [
        {
          digest: 'sha256:a',
          name: 'a',
          started: '1970-01-01T00:00:01.000000Z',
          completed: '1970-01-01T00:00:02.500000Z',
          cached: true,
        },
      ],
    },
    { statuses: [{ id: 'layer', vertex: 'sha256:a', name: 'layer', total: 10, current: 5 }] },
    { logs: [{ vertex: 'sha256:a', stream: 2, data: 'aGk=', timestamp: '1970-01-01T00:00:01.500000Z' }] },
  ]);
});

test('groups, times below a millisecond, and warnings with their place', () => {
  const out = new PassThrough();
  const view = new RawJsonView(out, new BuildState());
  view.event(grouped('sha256:a', 'a', 'tool', { started: 1000.0625 }));
  view.event({ ...progress('sha256:a', 'transferring', 0n, 0n), ...{ time: 2000.5 } });
  view.event(warning('odd', 'Dockerfile', 'FROM x', 1));
  const lines = String(out.read()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      vertexes: [
        {
          ...{ digest: 'sha256:a', name: 'a', started: '1970-01-01T00:00:01.000063Z' },
          progressGroup: { id: 'tool', name: 'tool' },
        },
      ],
    },
    {
      statuses: [
        {
          ...{ id: 'transferring', vertex: 'sha256:a', name: 'transferring', current: 0 },
          timestamp: '1970-01-01T00:00:02.000500Z',
        },
      ],
    },
    {
      warnings: [
        {
          ...{ vertex: 'sha256:a', level: 1, short: 'b2Rk', detail: [], url: 'https://example.com/rule' },
          sourceInfo: { filename: 'Dockerfile', data: 'RlJPTSB4' },
          range: [{ start: { line: 1, character: 0 }, end: { line: 1, character: 5 } }],
        },
      ],
    },
  ]);
});
