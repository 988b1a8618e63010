import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readChallenge } from './challenge.js';
import { fetchImageManifest } from './image-manifest.js';

const amd64 = { os: 'linux', architecture: 'amd64' };
const blobs = new Map<string, { readonly type: string; readonly body: string }>();
let requests: string[];
let server: Server;
let host: string;
let intercept: (request: IncomingMessage, response: ServerResponse) => boolean;

beforeEach(async () => {
  blobs.clear();
  requests = [];
  intercept = () => false;
  server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
    if (intercept(request, response)) return;
    const found = blobs.get(request.url ?? '');
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': found?.type ?? 'text/plain' });
    response.end(found?.body ?? 'no such thing');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  host = `localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

function put(kind: string, body: string, type: string, tag?: string): string {
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  for (const name of tag === undefined ? [digest] : [digest, tag])
    blobs.set(`/v2/team/app/${kind}/${name}`, { type, body });
  return digest;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

/** An image, with spaces of its own in the JSON. */
function image(label: string, tag?: string): { digest: string; manifest: string; config: string } {
  const config = `{ "config": { "Labels": { "is": "${label}" } } }`;
  const manifest = `{ "config": { "digest": "${put('blobs', config, 'application/octet-stream')}" } }`;
  return { digest: put('manifests', manifest, manifestType, tag), manifest, config };
}

test("a single image: the registry's own bytes", async () => {
  const { digest, manifest, config } = image('one', 'v1');
  const answer = await fetchImageManifest(`${host}/team/app:v1`, amd64);
  expect(answer.digest).toBe(digest);
  expect(answer.manifest.toString()).toBe(manifest);
  expect(answer.config.toString()).toBe(config);
  expect(answer.index).toBeUndefined();
});

test('an index: the image of the platform, the digest of the index', async () => {
  const [amd, arm] = [image('amd'), image('arm')];
  const index = JSON.stringify({
    manifests: [
      { digest: arm.digest, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      { digest: amd.digest, platform: { os: 'linux', architecture: 'amd64' } },
    ],
  });
  const digest = put('manifests', index, indexType, 'latest');
  const answer = await fetchImageManifest(`${host}/team/app`, { os: 'linux', architecture: 'arm64' });
  expect(answer).toMatchObject({ digest, manifest: Buffer.from(arm.manifest), index: Buffer.from(index) });
  expect((await fetchImageManifest(`${host}/team/app@${digest}`, amd64)).config.toString()).toBe(amd.config);
  await expect(fetchImageManifest(`${host}/team/app`, { os: 'plan9', architecture: 'mips' })).rejects.toThrow(
    /has no image for plan9\/mips/,
  );
});

test('what is not there, what is no image, and what is something else than its digest says', async () => {
  await expect(fetchImageManifest(`${host}/team/app:none`, amd64)).rejects.toThrow(
    `the registry has no ${host}/team/app:none`,
  );
  put('manifests', '{}', manifestType, 'odd');
  await expect(fetchImageManifest(`${host}/team/app:odd`, amd64)).rejects.toThrow('is no image');
  const wrong = `sha256:${'0'.repeat(64)}`;
  blobs.set(`/v2/team/app/manifests/${wrong}`, { type: manifestType, body: '{}' });
  await expect(fetchImageManifest(`${host}/team/app@${wrong}`, amd64)).rejects.toThrow('something else');
});

test('a login by token: asked for once, with the credentials of the registry alone', async () => {
  image('private', 'v1');
  intercept = (request, response) => {
    if (request.url?.startsWith('/token') === true) {
      response.end(JSON.stringify({ token: 'T' }));
      return true;
    }
    if (request.headers.authorization === 'Bearer T') return false;
    const realm = `http://${host}/token`;
    response.writeHead(401, {
      'www-authenticate': `Bearer realm="${realm}",service="s",scope="repository:team/app:pull"`,
    });
    response.end();
    return true;
  };
  const asked: string[] = [];
  const credentials = {
    credentials: async (of: string) => {
      asked.push(of);
      return undefined;
    },
  };
  await fetchImageManifest(`${host}/team/app:v1`, amd64, { credentials });
  expect(asked).toEqual([host]);
  expect(requests.filter((request) => request.startsWith('/token'))).toEqual([
    '/token?service=s&scope=repository%3Ateam%2Fapp%3Apull',
  ]);
});

test('a login by name and password; one that is refused', async () => {
  image('private', 'v1');
  const right = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  intercept = (request, response) => {
    if (request.headers.authorization === right) return false;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' });
    response.end();
    return true;
  };
  const credentials = { credentials: async () => ({ username: 'me', password: 'secret' }) };
  await fetchImageManifest(`${host}/team/app:v1`, amd64, { credentials });
  const error = fetchImageManifest(`${host}/team/app:v1`, amd64);
  await expect(error).rejects.toThrow(`the registry ${host} does not let this user read team/app`);
});

test('a login that the token server refuses is told as one that the registry refuses', async () => {
  image('private', 'v1');
  intercept = (_request, response) => {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` }).end();
    return true;
  };
  const credentials = { credentials: async () => ({ username: 'me', password: 'secret' }) };
  const error = fetchImageManifest(`${host}/team/app:v1`, amd64, { credentials });
  await expect(error).rejects.toThrow(`the registry ${host} does not let this user read team/app`);
});

test('blobs may be elsewhere; credentials stay with the registry', async () => {
  image('moved', 'v1');
  const other = createServer((request, response) => {
    requests.push(`other ${request.headers.authorization ?? 'nothing'}`);
    response.end(blobs.get(request.url ?? '')?.body);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  intercept = (request, response) => {
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' });
    } else if (request.url?.includes('/blobs/') === true) {
      response.writeHead(307, { location: `http://127.0.0.1:${port}${request.url}` });
    } else return false;
    response.end();
    return true;
  };
  const credentials = { credentials: async () => ({ username: 'me', password: 'secret' }) };
  const { config } = await fetchImageManifest(`${host}/team/app:v1`, amd64, { credentials });
  expect(config.toString()).toContain('moved');
  expect(requests.at(-1)).toBe('other nothing');
  await new Promise((resolve) => other.close(resolve));
});

test('a registry that is not there', async () => {
  await expect(fetchImageManifest('localhost:1/a:b', amd64)).rejects.toThrow(/the registry localhost:1 can't be read/);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(fetchImageManifest(`${host}/team/app:v1`, amd64, { signal })).rejects.toThrow('enough');
});

test.each([
  ['Basic realm="x"', { scheme: 'basic' }],
  [
    'bearer realm="https://a/t",service=b,scope="r:a:pull r:b:pull"',
    { scheme: 'bearer', realm: 'https://a/t', service: 'b', scopes: ['r:a:pull', 'r:b:pull'] },
  ],
  ['Bearer realm="a\\"b"', { scheme: 'bearer', realm: 'a"b', service: '', scopes: [] }],
  ['Negotiate', undefined],
  ['Bearer service="x"', undefined],
  [undefined, undefined],
])('the challenge %j', (header, challenge) => {
  expect(readChallenge(header)).toEqual(challenge);
});
