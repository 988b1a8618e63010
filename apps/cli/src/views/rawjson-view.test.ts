import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BuildState } from './build-state.js';
import { RawJsonView } from './rawjson-view.js';
import { log, progress, vertex } from './sample-events.js';

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
          started: '1970-01-01T00:00:01.000Z',
          completed: '1970-01-01T00:00:02.500Z',
          cached: true,
        },
      ],
    },
    { statuses: [{ id: 'layer', vertex: 'sha256:a', name: 'layer', total: 10, current: 5 }] },
    { logs: [{ vertex: 'sha256:a', stream: 2, data: 'aGk=', timestamp: '1970-01-01T00:00:01.500Z' }] },
  ]);
});
