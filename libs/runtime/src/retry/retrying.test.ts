import { expect, test } from 'vitest';
import { type Retry, retrying } from './retrying.js';
import { isTransient } from './transient.js';

const always = { mayRetry: () => true, signal: new AbortController().signal };

test('what works in the end gives its result; each repetition is told, with longer pauses', async () => {
  const told: Retry[] = [];
  let left = 2;
  const result = await retrying(
    async () => {
      left -= 1;
      if (left >= 0) throw new Error(`not yet ${left}`);
      return 'there';
    },
    { ...always, retries: 2, onRetry: (retry) => told.push(retry) },
  );
  expect(result).toBe('there');
  expect(told).toMatchObject([
    { retry: 1, of: 2, pause: 500, error: new Error('not yet 1') },
    { retry: 2, of: 2, pause: 2000, error: new Error('not yet 0') },
  ]);
});

test('what may not be repeated, and what is given up, is done once', async () => {
  let times = 0;
  const attempt = (): Promise<never> => {
    times += 1;
    return Promise.reject(new Error(`failure ${times}`));
  };
  const unsafe = { ...always, retries: 5, mayRetry: () => false, onRetry: () => undefined };
  await expect(retrying(attempt, unsafe)).rejects.toThrow('failure 1');
  const ended = new AbortController();
  const cancelled = { ...always, retries: 5, signal: ended.signal, onRetry: () => ended.abort() };
  await expect(retrying(attempt, cancelled)).rejects.toThrow('failure 2');
});

test.each([
  'failed to do request: Head "http://r/v2/a/manifests/1": dial tcp 127.0.0.1:1: connect: connection refused',
  'read tcp 10.0.0.1:2->10.0.0.2:443: read: connection reset by peer',
  'dial tcp: lookup r: i/o timeout',
  'net/http: TLS handshake timeout',
  'unexpected status from HEAD request to https://r/v2/a/manifests/1: 503 Service Unavailable',
  'httpReadSeeker: failed open: unexpected EOF',
  'Get "http://r/v2/": EOF',
  'failed to fetch remote https://g/r.git: exit status 128: fatal: unable to access: Could not resolve host: g',
  'toomanyrequests: You have reached your pull rate limit.',
  'fetch failed connect ECONNREFUSED 127.0.0.1:1 ECONNREFUSED',
])('passes by itself: %s', (message) => expect(isTransient(message)).toBe(true));

test.each([
  'docker.io/library/none:latest: not found',
  'unexpected status from HEAD request to https://r/v2/a/manifests/1: 401 Unauthorized',
  'pull access denied, repository does not exist or may require authorization',
  'process "/bin/sh -c exit 503" did not complete successfully: exit code: 503',
  'lookup registry.invalid: no such host',
  'tls: failed to verify certificate: x509: certificate signed by unknown authority',
])('stays: %s', (message) => expect(isTransient(message)).toBe(false));
