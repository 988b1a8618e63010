import { ContentService } from '@hlb/proto/content';
import { BuildHistoryEventType, BuildHistoryRecord, ControlService, type Descriptor } from '@hlb/proto/control';
import { expect, test } from 'vitest';
import { fakeConnection } from '../../fixtures/fake-connection.js';
import { buildHistory, type HistoryEvent } from './history.js';
import { historyUpdates } from './history-updates.js';

const fake = fakeConnection();

async function told(record: Partial<BuildHistoryRecord>): Promise<HistoryEvent | undefined> {
  fake.engine.handlers.set(ControlService.listenBuildHistory.path, (call) => {
    const event = {
      type: BuildHistoryEventType.COMPLETE,
      record: { ...BuildHistoryRecord.fromPartial({}), ...record },
    };
    call.send(ControlService.listenBuildHistory.responseSerialize(event));
    call.end();
  });
  for await (const event of buildHistory(fake.connection)) return event;
  return undefined;
}

test('every field of a record is told', async () => {
  const time = { seconds: 2n, nanos: 0 };
  const blob = (digest: string): Descriptor => ({ mediaType: 'm', digest, size: 3n, annotations: new Map() });
  const event = await told({
    Ref: 'r',
    Frontend: 'f',
    FrontendAttrs: new Map([['a', 'b']]),
    Exporters: [{ Type: 'image', Attrs: new Map([['name', 'n']]) }],
    CreatedAt: time,
    CompletedAt: { seconds: 3n, nanos: 0 },
    ExporterResponse: new Map([['digest', 'd']]),
    error: { code: 2, message: 'broken', details: [] },
    logs: blob('log'),
    trace: blob('trace'),
    externalError: blob('error'),
    Result: { ResultDeprecated: blob('first'), Attestations: [blob('attestation')], Results: new Map() },
    Results: new Map([
      ['linux/amd64', { ResultDeprecated: undefined, Attestations: [], Results: new Map([[1n, blob('second')]]) }],
    ]),
    pinned: true,
    numCachedSteps: 1,
    numTotalSteps: 3,
    numCompletedSteps: 2,
    numWarnings: 4,
  });
  expect(event).toEqual({
    kind: 'completed',
    record: {
      ref: 'r',
      status: 'failed',
      frontend: 'f',
      frontendAttrs: new Map([['a', 'b']]),
      exporters: [{ type: 'image', attrs: new Map([['name', 'n']]) }],
      exporterResponse: new Map([['digest', 'd']]),
      created: 2000,
      completed: 3000,
      error: expect.objectContaining({ code: 'UNKNOWN', message: 'broken' }),
      blobs: { log: blob('log'), trace: blob('trace'), error: blob('error') },
      results: new Map([
        ['', { attestations: [blob('attestation')], exported: new Map([[0, blob('first')]]) }],
        ['linux/amd64', { attestations: [], exported: new Map([[1, blob('second')]]) }],
      ]),
      steps: { total: 3, completed: 2, cached: 1 },
      warnings: 4,
      pinned: true,
    },
  });
});

test.each<[string, Partial<BuildHistoryRecord>]>([
  ['running', {}],
  ['completed', { CompletedAt: { seconds: 1n, nanos: 0 } }],
  [
    'cancelled',
    { CompletedAt: { seconds: 1n, nanos: 0 }, error: { code: 1, message: 'solve: context canceled', details: [] } },
  ],
])('a build that is %s', async (status, record) => {
  expect((await told(record))?.record.status).toBe(status);
});

test.each([
  ['is cut off', [0, 0, 0]],
  ['claims more than any answer has', [0xff, 0xff, 0xff, 0xff, 0]],
  ['ends within a message', [9, 0, 0, 0, 1]],
])('a record of news that %s', async (_name, bytes) => {
  fake.engine.on(ContentService.read, () => ({ offset: 0n, data: Buffer.from(bytes) }));
  const event = await told({ logs: { mediaType: 'm', digest: 'd', size: 1n, annotations: new Map() } });
  if (event === undefined) throw new Error('no record');
  const all = async (): Promise<void> => {
    for await (const _ of historyUpdates(fake.connection, event.record));
  };
  await expect(all()).rejects.toMatchObject({ code: 'DATA_LOSS' });
});
