import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretRequest, GetSecretResponse } from '@hlb/proto/secrets';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { openSession, type Session } from '../session.js';

let engine: FakeEngine;
let session: Session;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  engine = new FakeEngine();
  session = await openSession(engine);
});

afterEach(async () => {
  await session.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function get(id: string): Promise<Buffer> {
  const request = GetSecretRequest.encode(GetSecretRequest.fromPartial({ ID: id })).finish();
  return Buffer.from(
    GetSecretResponse.decode(await engine.unary('/moby.buildkit.secrets.v1.Secrets/GetSecret', request)).data,
  );
}

test('values, variables, files and callbacks', async () => {
  writeFileSync(join(folder, 's'), 'from a file\n');
  process.env['SESSION_TEST_SECRET'] = 'from the environment';
  session.addSecret({ id: 'value', source: { kind: 'value', value: Buffer.from([0, 255]) } });
  session.addSecret({ id: 'env', source: { kind: 'env', name: 'SESSION_TEST_SECRET' } });
  session.addSecret({ id: 'file', source: { kind: 'file', path: join(folder, 's') } });
  session.addSecret({ id: 'callback', source: { kind: 'callback', get: async (id) => `for ${id}` } });
  expect(await get('value')).toEqual(Buffer.from([0, 255]));
  expect((await get('env')).toString()).toBe('from the environment');
  expect((await get('file')).toString()).toBe('from a file\n');
  expect((await get('callback')).toString()).toBe('for callback');
  writeFileSync(join(folder, 's'), 'changed');
  expect((await get('file')).toString()).toBe('changed');
});

test('what is absent is not found', async () => {
  session.addSecret({ id: 'env', source: { kind: 'env', name: 'SESSION_TEST_ABSENT' } });
  session.addSecret({ id: 'callback', source: { kind: 'callback', get: async () => undefined } });
  session.addSecret({ id: 'removed', source: { kind: 'value', value: 'x' } });
  session.removeSecret('removed');
  for (const id of ['GIT_AUTH_TOKEN', 'env', 'callback', 'removed']) {
    await expect(get(id)).rejects.toMatchObject({ status: { code: 5, message: `secret ${id}: not found` } });
  }
});

test('a file that was named and is missing is a mistake, not an absent secret', async () => {
  session.addSecret({ id: 'x', source: { kind: 'file', path: join(folder, 'missing') } });
  await expect(get('x')).rejects.toMatchObject({
    status: { code: 9, message: expect.stringContaining('missing: does not exist') },
  });
});

test('named pipes that nobody writes are refused, and keep no thread', async () => {
  // More than there are threads for files: one that waited would keep the last answer from coming.
  const pipes = Array.from({ length: 8 }, (_, i) => join(folder, `pipe${i}`));
  execFileSync('mkfifo', pipes);
  writeFileSync(join(folder, 's'), 'a file');
  session.addSecret({ id: 'file', source: { kind: 'file', path: join(folder, 's') } });
  for (const [i, path] of pipes.entries()) session.addSecret({ id: `pipe${i}`, source: { kind: 'file', path } });
  const asked = pipes.map((path, i) =>
    expect(get(`pipe${i}`)).rejects.toMatchObject({
      status: { code: 9, message: `secret pipe${i}: cannot read ${path}: it is a named pipe, not a file` },
    }),
  );
  expect((await get('file')).toString()).toBe('a file');
  await Promise.all(asked);
});

test('500 KiB and not one byte more', async () => {
  writeFileSync(join(folder, 'fits'), Buffer.alloc(500 * 1024, 'a'));
  writeFileSync(join(folder, 'not'), Buffer.alloc(500 * 1024 + 1, 'a'));
  session.addSecret({ id: 'fits', source: { kind: 'file', path: join(folder, 'fits') } });
  session.addSecret({ id: 'not', source: { kind: 'file', path: join(folder, 'not') } });
  session.addSecret({ id: 'endless', source: { kind: 'file', path: '/dev/zero' } });
  session.addSecret({ id: 'value', source: { kind: 'value', value: 'a'.repeat(500 * 1024 + 1) } });
  expect((await get('fits')).length).toBe(512_000);
  for (const id of ['not', 'value', 'endless']) await expect(get(id)).rejects.toMatchObject({ status: { code: 8 } });
});

test('no error shows a value', async () => {
  session.addSecret({ id: 'big', source: { kind: 'value', value: 'hunter2'.repeat(100_000) } });
  session.addSecret({
    id: 'failing',
    source: { kind: 'callback', get: async () => Promise.reject(new Error('the vault is closed')) },
  });
  const messages = await Promise.all(['big', 'failing'].map((id) => get(id).catch((error: unknown) => String(error))));
  expect(messages.join()).not.toContain('hunter2');
  expect(messages[1]).toContain('the vault is closed');
});
