import { expect, test } from 'vitest';
import { failureCause } from './failure-cause.js';

test.each([
  ['no access allowed to dir "context"', { kind: 'local-not-served', name: 'context' }],
  ['pull access denied, repository does not exist or may require authorization', { kind: 'login-wanted' }],
  ['failed to load cache key: unexpected status from HEAD request: 401 Unauthorized', { kind: 'login-wanted' }],
  [
    'failed to authorize: cannot get a token for r.test:5000: the token server https://t.test/ answered GET with status 401',
    { kind: 'login-wanted', registry: 'r.test:5000' },
  ],
  ['server message: insufficient_scope: authorization failed', { kind: 'login-wanted' }],
  [
    'failed to load cache key: docker.io/library/alpine:99: not found',
    { kind: 'image-missing', image: 'docker.io/library/alpine:99' },
  ],
  ['localhost:5000/a/b@sha256:00aa: not found', { kind: 'image-missing', image: 'localhost:5000/a/b@sha256:00aa' }],
  ['no match for platform in manifest: not found', { kind: 'platform-missing' }],
  ['failed to calculate checksum of ref a::b: "/mian.go": not found', { kind: 'path-missing', path: '/mian.go' }],
  [
    'lstat /var/lib/buildkit/tmp/buildkit-mount2449/bin/x: no such file or directory',
    { kind: 'path-missing', path: '/bin/x' },
  ],
  ['dial tcp: lookup a.example on 10.0.0.1:53: no such host', { kind: 'host-unknown', host: 'a.example' }],
  ['dial tcp: lookup a.example on 10.0.0.1:53: i/o timeout', { kind: 'host-unknown', host: 'a.example' }],
  ['dial tcp 10.0.0.9:443: i/o timeout', { kind: 'host-unreachable', address: '10.0.0.9:443', why: 'i/o timeout' }],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', { kind: 'certificate-unknown' }],
  ['http: server gave HTTP response to HTTPS client', { kind: 'plain-http' }],
  ['429 Too Many Requests - toomanyrequests: You have reached your pull rate limit', { kind: 'too-many-requests' }],
  ['write /var/lib/x: no space left on device', { kind: 'disk-full' }],
  [
    'grpc: received message larger than max (9437203 vs. 4194304)',
    { kind: 'request-too-big', size: 9437203, limit: 4194304 },
  ],
  ['failed to load LLB: unknown API capability mergeop', { kind: 'capability-missing', capability: 'mergeop' }],
  [
    'requested experimental feature mergeop  has been disabled on the build server: only enabled with containerd image store backend',
    { kind: 'capability-missing', capability: 'mergeop', why: 'only enabled with containerd image store backend' },
  ],
  [
    'requested feature diffop (Diff) is not supported by build server, please update buildkitd',
    { kind: 'capability-missing', capability: 'diffop' },
  ],
  [
    'granting entitlement security.insecure is not allowed by build daemon configuration',
    { kind: 'entitlement-refused', entitlement: 'security.insecure' },
  ],
  ['network.host is not allowed', { kind: 'entitlement-refused', entitlement: 'network.host' }],
  ['secret sha256:0e9f: not found', { kind: 'secret-missing', id: 'sha256:0e9f' }],
  ['no SSH key "default" forwarded from the client', { kind: 'agent-missing' }],
  [
    "fatal: could not read Username for 'https://example.test': terminal prompts disabled",
    { kind: 'git-login-wanted' },
  ],
  ["fatal: couldn't find remote ref nope", { kind: 'git-ref-missing', ref: 'nope' }],
  ['unable to find user bob: no matching entries in passwd file', { kind: 'user-missing', user: 'bob' }],
  ['failed to solve: context canceled', { kind: 'cancelled-with-others' }],
  ['something that nobody has heard of', undefined],
])('%s', (message, cause) => {
  expect(failureCause(message)).toEqual(cause);
});

test('the log tells, from its end, what a command met; the engine comes first', () => {
  const failed = 'process "x" did not complete successfully: exit code: 1';
  expect(failureCause(failed, 'exec /x: exec format error\n')).toEqual({ kind: 'program-format' });
  expect(failureCause(failed, 'runc: exec: "/bin/sh": stat /bin/sh: no such file or directory')).toEqual({
    kind: 'program-missing',
    program: '/bin/sh',
  });
  expect(failureCause(failed, "wget: bad address 'a.example'\nwget: bad address 'b.example'")).toEqual({
    kind: 'host-unknown',
    host: 'b.example',
  });
  expect(failureCause('no space left on device', 'exec format error')).toEqual({ kind: 'disk-full' });
});

test('what a log says about images or logins is the command’s own affair', () => {
  expect(failureCause('exit code: 1', 'HTTP 401 Unauthorized\nexample.test/a:1: not found')).toBeUndefined();
});
