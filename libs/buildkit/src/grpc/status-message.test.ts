import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeStatusMessage, encodeStatusMessage } from './status-message.js';

test('messages are percent-encoded', () => {
  expect(encodeStatusMessage('plain text')).toBe('plain text');
  expect(encodeStatusMessage('100% of\nä')).toBe('100%25 of%0A%C3%A4');
});

test('what was encoded is decoded to the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (message) => {
      expect(decodeStatusMessage(encodeStatusMessage(message))).toBe(message);
    }),
  );
});
