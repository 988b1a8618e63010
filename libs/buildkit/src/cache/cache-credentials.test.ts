import { expect, test } from 'vitest';
import { withCredentials } from './cache-credentials.js';

const attrs = (type: string, given: Record<string, string>, env: Record<string, string>): unknown =>
  Object.fromEntries(withCredentials({ type, attrs: new Map(Object.entries(given)) }, env).attrs ?? []);

test("GitHub's cache is found by the variables of its runner", () => {
  const env = {
    ACTIONS_RUNTIME_TOKEN: 't',
    ACTIONS_CACHE_URL: 'u',
    ACTIONS_RESULTS_URL: 'u2',
    ACTIONS_CACHE_SERVICE_V2: 'True',
  };
  expect(attrs('gha', { scope: 's' }, env)).toEqual({ scope: 's', token: 't', url: 'u', url_v2: 'u2', version: '2' });
  expect(attrs('gha', { token: 'own', version: '1' }, env)).toMatchObject({ token: 'own', version: '1' });
  expect(attrs('gha', {}, {})).toEqual({});
});

test('keys of the environment never complete keys that are given', () => {
  const env = { AWS_REGION: 'r', AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
  expect(attrs('s3', { bucket: 'b' }, env)).toEqual({
    ...{ bucket: 'b', region: 'r' },
    ...{ access_key_id: 'k', secret_access_key: 's', session_token: 't' },
  });
  expect(attrs('s3', { bucket: 'b', access_key_id: 'own' }, env)).toEqual({
    bucket: 'b',
    access_key_id: 'own',
    region: 'r',
  });
  expect(attrs('azblob', {}, { AZURE_STORAGE_ACCOUNT_URL: 'u', AZURE_STORAGE_SECRET_ACCESS_KEY: 's' })).toEqual({
    account_url: 'u',
    secret_access_key: 's',
  });
});

test('other caches have none', () => {
  const entry = { type: 'registry', attrs: new Map([['ref', 'r']]) };
  expect(withCredentials(entry, { AWS_ACCESS_KEY_ID: 'k' })).toBe(entry);
});
