import {
  decodeOp,
  digestOf,
  encodeOp,
  imageSource,
  marshal,
  opFromJSON,
  opToJSON,
  type Platform,
  type VertexMetadata,
} from '@hlb/llb';
import { describe, expect, test } from 'vitest';
import { vectorGraphs } from './fixtures/vector-graph.js';
import { vectors } from './fixtures/vectors.js';

const platform: Platform = { os: 'linux', architecture: 'amd64' };

/** The bytes of a vector, with the digests that it names put in. */
function bytesOf(name: string): Uint8Array {
  const hex = vectors[name]?.hex ?? '';
  return Buffer.from(
    hex.replace(/<([^>]+)>/g, (_, other: string) => Buffer.from(`sha256:${vectors[other]?.digest}`).toString('hex')),
    'hex',
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe.each(Object.entries(vectors))('%s', (name, { digest }) => {
  test('has its digest', () => {
    expect(digestOf(bytesOf(name))).toBe(`sha256:${digest}`);
  });

  test('decodes and encodes to the same bytes, also by way of JSON', () => {
    const op = decodeOp(bytesOf(name));
    expect(hex(encodeOp(op))).toBe(hex(bytesOf(name)));
    expect(hex(encodeOp(opFromJSON(opToJSON(op))))).toBe(hex(bytesOf(name)));
  });

  const graph = vectorGraphs[name.replace(/-TERM$/, '')];
  test('is what the constructors make', () => {
    expect(graph).toBeDefined();
    const { def, digests } = marshal(graph, { platform });
    const place = name.endsWith('-TERM') ? -1 : -2;
    expect(hex(def.at(place) ?? new Uint8Array())).toBe(hex(bytesOf(name)));
    expect(digests.at(place)).toBe(`sha256:${digest}`);
  });
});

test('every graph has a vector', () => {
  expect(Object.keys(vectors).filter((name) => !name.endsWith('-TERM'))).toEqual(Object.keys(vectorGraphs));
});

test('RUN-MOUNTS as JSON', () => {
  expect(opToJSON(decodeOp(bytesOf('RUN-MOUNTS')))).toEqual({
    inputs: [{ digest: `sha256:${vectors['IMAGE']?.digest}` }, { digest: `sha256:${vectors['LOCAL']?.digest}` }],
    exec: {
      meta: {
        args: ['x'],
        env: ['SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0'],
        cwd: '/',
        proxyEnv: {},
        extraHosts: [{ Host: 'h', IP: '1.2.3.4' }],
        ulimit: [{ Name: 'nofile', Soft: '1', Hard: '2' }],
        cgroupParent: 'cg',
        removeMountStubsRecursive: true,
      },
      mounts: [
        { dest: '/' },
        { input: '-1', dest: '/cache', output: '-1', mountType: 'CACHE', cacheOpt: { ID: 'cid' } },
        { input: '-1', dest: '/cl', output: '-1', mountType: 'CACHE', cacheOpt: { ID: 'cl', sharing: 'LOCKED' } },
        { input: '1', dest: '/noout', output: '-1' },
        { input: '-1', dest: '/out', output: '1' },
        { selector: '/etc', dest: '/sel', output: '2' },
        { input: '1', dest: '/src', output: '-1', readonly: true },
        { input: '-1', dest: '/tmp', output: '-1', mountType: 'TMPFS', TmpfsOpt: {} },
        { input: '-1', dest: '/tmp2', output: '-1', mountType: 'TMPFS', TmpfsOpt: { size: '1024' } },
        { input: '-1', dest: '/run/secrets/s', mountType: 'SECRET', secretOpt: { ID: '/run/secrets/s', mode: 256 } },
        {
          input: '-1',
          dest: '/run/buildkit/ssh_agent.0',
          mountType: 'SSH',
          SSHOpt: { ID: 'default', mode: 384 },
        },
      ],
      network: 'HOST',
      security: 'INSECURE',
      secretenv: [{ ID: 'tok', name: 'TOK', optional: true }],
    },
    platform: { Architecture: 'amd64', OS: 'linux' },
    constraints: {},
  });
});

test('capabilities', () => {
  const caps = (name: string): readonly string[] => vectorGraphs[name]?.vertex.metadata.caps ?? [];
  expect(caps('IMAGE')).toEqual(['source.image']);
  expect(caps('IMAGE-ARM64')).toEqual(['source.image', 'source.image.resolvemode']);
  expect(caps('RUN')).toEqual(['exec.meta.base', 'exec.mount.bind']);
  expect(caps('RUN-MOUNTS')).toEqual([
    'exec.meta.base',
    'exec.meta.network',
    'exec.meta.proxyenv',
    'exec.meta.security',
    'exec.meta.ulimit',
    'exec.mount.bind',
    'exec.mount.cache',
    'exec.mount.cache.sharing',
    'exec.mount.secret',
    'exec.mount.selector',
    'exec.mount.ssh',
    'exec.mount.tmpfs',
    'exec.mount.tmpfs.size',
    'exec.secretenv',
  ]);
  expect(caps('HTTP')).toEqual(['soruce.http.uidgid', 'source.http', 'source.http.checksum', 'source.http.perm']);
  expect(caps('GIT')).toEqual(['source.git', 'source.git.fullurl', 'source.git.keepgitdir']);
  expect(caps('LOCAL')).toEqual([
    'source.local',
    'source.local.excludepatterns',
    'source.local.followpaths',
    'source.local.includepatterns',
    'source.local.sessionid',
    'source.local.sharedkeyhint',
  ]);
  expect(caps('COPY')).toEqual(['file.base', 'file.copy.includeexcludepatterns']);
  expect(caps('COPY-MODESTR')).toEqual(['file.base']);
  expect(caps('SYMLINK')).toEqual(['file.base', 'file.symlink.create']);
});

test('the terminal op lists what the others use', () => {
  const terminal = (metadata: Partial<VertexMetadata>): readonly string[] | undefined => {
    const definition = marshal(imageSource({ ref: 'alpine', ...metadata }), { platform });
    return definition.metadata.get(definition.digests.at(-1) ?? digestOf(new Uint8Array()))?.caps;
  };
  expect(terminal({})).toEqual(['constraints', 'platform']);
  expect(terminal({ ignoreCache: true })).toEqual(['constraints', 'meta.ignorecache', 'platform']);
  expect(terminal({ description: { 'llb.customname': 'x' }, exportCache: false })).toEqual([
    'constraints',
    'meta.description',
    'meta.exportcache',
    'platform',
  ]);
});
