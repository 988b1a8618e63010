import { expect, test, vi } from 'vitest';

vi.mock('@grpc/grpc-js', () => {
  throw new Error('gRPC was loaded');
});

test('messages alone do not load gRPC', async () => {
  await expect(import('@hlb/proto/llb')).resolves.toHaveProperty('Op');
  await expect(import('@hlb/proto')).resolves.toHaveProperty('Timestamp');
  await expect(import('@hlb/proto/fsutil')).resolves.toHaveProperty('Packet');
  await expect(import('@hlb/proto/sourcepolicy')).resolves.toHaveProperty('Policy');
  await expect(import('@hlb/proto/errdefs')).resolves.toHaveProperty('Solve');
});

test('services do', async () => {
  await expect(import('@hlb/proto/control')).rejects.toThrow();
});
