import { expect, test } from 'vitest';
import { requestHeaders, statusFrom } from './metadata.js';

test('names are sent in lower case, repeated ones apart and in order', () => {
  const headers = requestHeaders('/a.B/C', 'localhost', 'http', [
    ['X-Name', 'one'],
    ['other', 'x'],
    ['x-name', 'two, with a comma'],
    ['X-NAME', 'three'],
  ]);
  expect(headers).toMatchObject({
    'x-name': ['one', 'two, with a comma', 'three'],
    other: 'x',
    ':path': '/a.B/C',
    te: 'trailers',
  });
});

test.each([
  ['plain words', 'plain words'],
  ['Gr%C3%BC%C3%9Fe', 'Grüße'],
  ['100%25 %zz', '100% %zz'],
  ['%E2%82%AC%F0%9F%90%B3', '€🐳'],
])('the message %j reads as %j', (encoded, message) => {
  expect(statusFrom({ 'grpc-status': '2', 'grpc-message': encoded })).toEqual({ code: 'UNKNOWN', message });
});

test('details are decoded, with and without padding', () => {
  const bytes = Buffer.from([1, 2, 3, 4]);
  for (const text of [bytes.toString('base64'), bytes.toString('base64').replaceAll('=', '')]) {
    expect(statusFrom({ 'grpc-status': '5', 'grpc-status-details-bin': text })?.details).toEqual(bytes);
  }
});

test('headers without a status are no status', () => {
  expect(statusFrom({ 'content-type': 'application/grpc' })).toBeUndefined();
});
