import { expect, test } from 'vitest';
import { GrpcError, statusTrailers } from './grpc-error.js';

test('trailers of success, of our errors and of others', () => {
  expect(statusTrailers(undefined)).toEqual({ 'grpc-status': '0' });
  expect(statusTrailers(new GrpcError('NOT_FOUND', 'no', { details: Buffer.from('abcd') }))).toEqual({
    'grpc-status': '5',
    'grpc-message': 'no',
    'grpc-status-details-bin': 'YWJjZA',
  });
  expect(statusTrailers(new Error('boom'))).toEqual({ 'grpc-status': '2', 'grpc-message': 'boom' });
});

test('long messages are cut', () => {
  expect(statusTrailers(new Error('x'.repeat(100_000)))['grpc-message']?.length).toBeLessThan(5000);
});
