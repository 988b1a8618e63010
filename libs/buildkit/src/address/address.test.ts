import { describe, expect, test } from 'vitest';
import { ConnectError } from '../connect/connect-error.js';
import { type EngineAddress, formatAddress, parseAddress } from './address.js';

const valid: readonly (readonly [string, EngineAddress])[] = [
  ['unix:///run/buildkit/buildkitd.sock', { kind: 'unix', path: '/run/buildkit/buildkitd.sock' }],
  ['npipe:////./pipe/buildkitd', { kind: 'npipe', path: '//./pipe/buildkitd' }],
  ['tcp://10.0.0.1:1234', { kind: 'tcp', host: '10.0.0.1', port: 1234, secure: false }],
  ['tcp://[::1]:1234', { kind: 'tcp', host: '::1', port: 1234, secure: false }],
  ['tcp://engine.example:443', { kind: 'tcp', host: 'engine.example', port: 443, secure: false }],
  ['https://engine.example:2376', { kind: 'tcp', host: 'engine.example', port: 2376, secure: true }],
  ['ssh://host', { kind: 'ssh', host: 'host' }],
  ['ssh://me@host:2222/run/b.sock', { kind: 'ssh', user: 'me', host: 'host', port: 2222, socket: '/run/b.sock' }],
  ['docker-container://buildkitd', { kind: 'docker-container', container: 'buildkitd' }],
  ['docker-container://b?context=far', { kind: 'docker-container', container: 'b', scope: 'far' }],
  ['podman-container://b', { kind: 'podman-container', container: 'b' }],
  ['nerdctl-container://b?namespace=n', { kind: 'nerdctl-container', container: 'b', scope: 'n' }],
  ['kube-pod://b-0', { kind: 'kube-pod', pod: 'b-0' }],
  [
    'kube-pod://b-0?namespace=n&context=c&container=k&kubeconfig=%2Fk',
    { kind: 'kube-pod', pod: 'b-0', namespace: 'n', context: 'c', container: 'k', kubeconfig: '/k' },
  ],
];

describe.each(valid)('%s', (text, address) => {
  test('is read', () => expect(parseAddress(text)).toEqual(address));
  test('is written and read again', () => expect(parseAddress(formatAddress(address))).toEqual(address));
});

test('a bare path is a socket', () => {
  expect(parseAddress('/run/x.sock')).toEqual({ kind: 'unix', path: '/run/x.sock' });
});

test("a port may be left out where the caller knows which is usual, as in Docker's addresses", () => {
  expect(parseAddress('tcp://host', { port: 2375 })).toMatchObject({ port: 2375 });
  expect(parseAddress('tcp://host:99', { port: 2375 })).toMatchObject({ port: 99 });
});

test.each([
  ['', 'no scheme'],
  ['localhost:1234', 'no scheme'],
  ['ftp://host', 'unknown scheme ftp://'],
  ['unix://', 'lacks a path'],
  ['tcp://', 'no valid host'],
  ['tcp://host', 'names no port'],
  ['tcp://host:99999', 'no valid host and port'],
  ['ssh://', 'no valid host'],
  ['ssh://me:secret@host', 'no password'],
  ['ssh://-oProxyCommand=x', 'no'],
  ['docker-container://', 'lacks a container'],
  ['docker-container://-x', 'lacks a container'],
  ['docker-container://a b', 'lacks a container'],
  ['kube-pod://--all', 'lacks a pod'],
  ['ssh://a%zz@host', 'an escape that is none'],
  ['ssh://host/%zz', 'an escape that is none'],
])('%j is refused: %s', (text, message) => {
  let error: unknown;
  try {
    parseAddress(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ code: 'bad-address', message: expect.stringContaining(message) });
});
