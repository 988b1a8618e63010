import * as pb from '@hlb/proto/llb';
import { describe, expect, test } from 'vitest';
import { furtherSources } from '../../fixtures/vector-graph.js';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { Output } from '../../graph/vertex.js';
import { parseDigest } from '../../names/digest.js';
import { InvalidReferenceError } from '../../names/reference.js';
import { blobSource } from './blob-source.js';
import { gitSource } from './git-source.js';
import { httpSource } from './http-source.js';
import { imageSource, ociLayoutSource } from './image-source.js';
import { localSource } from './local-source.js';
import { sourceOp } from './source.js';

const sha = `sha256:${'0'.repeat(64)}`;

interface Seen {
  readonly identifier: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly caps: readonly string[];
}

function see(output: Output | undefined): Seen {
  const { vertex } = output ?? sourceOp({ identifier: 'nothing' });
  const op = vertex.kind === 'source' ? vertex.op.value : pb.SourceOp.fromPartial({});
  return { identifier: op.identifier, attrs: Object.fromEntries(op.attrs), caps: vertex.metadata.caps };
}

describe('images', () => {
  test('write nothing that is the default', () => {
    expect(see(imageSource({ ref: 'a', resolveMode: 'default' })).attrs).toEqual({});
  });

  test('need capabilities for what they ask', () => {
    const checksum = parseDigest(sha);
    expect(
      see(imageSource({ ref: 'a', resolveMode: 'local', layerLimit: 3, checksum, recordType: 'frontend' })),
    ).toEqual({
      identifier: 'docker-image://docker.io/library/a:latest',
      attrs: {
        'image.resolvemode': 'local',
        'image.recordtype': 'frontend',
        'image.layerlimit': '3',
        'image.checksum': sha,
      },
      caps: ['source.image', 'source.image.checksum', 'source.image.layerlimit'],
    });
  });

  test('that can not be', () => {
    expect(() => imageSource({ ref: 'Not A Ref!' })).toThrow(InvalidReferenceError);
    expect(() => imageSource({ ref: 'a', layerLimit: 0 })).toThrow(InvalidOpError);
    expect(() => ociLayoutSource({ ref: 'a:b' })).toThrow(InvalidOpError);
    expect(() => ociLayoutSource({ ref: sha })).toThrow(InvalidOpError);
  });

  test('of an OCI layout keep their reference', () => {
    expect(see(ociLayoutSource({ ref: `a:b@${sha}` }))).toEqual({
      identifier: `oci-layout://a:b@${sha}`,
      attrs: {},
      caps: ['source.ocilayout'],
    });
  });
});

describe('blobs', () => {
  test('of a registry and of an OCI layout', () => {
    const digest = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(see(furtherSources['blob'])).toEqual({
      identifier: `docker-image+blob://docker.io/library/alpine@${digest}`,
      attrs: { 'http.filename': 'f', 'http.perm': '0644', 'http.uid': '3', 'http.gid': '4' },
      caps: ['source.imageblob'],
    });
    expect(see(furtherSources['layoutBlob'])).toEqual({
      identifier: `oci-layout+blob://docker.io/library/alpine@${digest}`,
      attrs: { 'oci.session': 'sid', 'oci.store': 'store' },
      caps: ['source.imageblob'],
    });
  });

  test.each(['alpine', 'alpine:1', `alpine:1@${sha}`])('are not named by %s', (ref) => {
    expect(() => blobSource({ from: 'registry', ref })).toThrow(InvalidOpError);
  });
});

describe('files by http', () => {
  test('with everything', () => {
    const source = httpSource({
      url: 'https://h/f',
      authHeaderSecret: 'token',
      header: { accept: 'text/plain', userAgent: '' },
      signature: { publicKey: 'KEY', signature: 'SIG' },
      mode: 0o100_644,
    });
    expect(see(source)).toEqual({
      identifier: 'https://h/f',
      attrs: {
        'http.perm': '0644',
        'http.authheadersecret': 'token',
        'http.header.accept': 'text/plain',
        'http.sig.pubkey': 'KEY',
        'http.sig.signature': 'SIG',
      },
      caps: [
        'source.http',
        'source.http.auth',
        'source.http.header',
        'source.http.perm',
        'source.http.signatureverify',
      ],
    });
  });

  test('a mode and ids of 0 are not written', () => {
    expect(see(httpSource({ url: 'http://h/f', mode: 0, uid: 0, gid: 0 }))).toEqual({
      identifier: 'http://h/f',
      attrs: {},
      caps: ['source.http'],
    });
  });

  test('only by http', () => {
    expect(() => httpSource({ url: 'local://x' })).toThrow(InvalidOpError);
  });
});

describe('directories of the client', () => {
  test('without a session have the id that they are given, and nothing made up', () => {
    expect(see(localSource({ name: 'n', sessionId: '', uniqueId: 'u' }))).toEqual({
      identifier: 'local://n',
      attrs: { 'local.unique': 'u' },
      caps: ['source.local', 'source.local.unique'],
    });
    expect(see(localSource({ name: 'n' })).attrs).toEqual({});
  });

  test('an empty list is no restriction', () => {
    const lists = { includePatterns: [], excludePatterns: [], followPaths: [] };
    expect(see(localSource({ name: 'n', sessionId: 's', ...lists })).attrs).toEqual({ 'local.session': 's' });
  });

  test('a differ needs its capability only when it must be known', () => {
    expect(see(localSource({ name: 'n', differ: 'metadata' })).caps).toEqual(['source.local']);
    expect(see(localSource({ name: 'n', differ: 'none', differRequired: true })).caps).toEqual([
      'source.local',
      'source.local.differ',
    ]);
  });

  test('metadata only, with and without exceptions', () => {
    expect(see(localSource({ name: 'n', metadataOnlyExcept: [] })).attrs).toEqual({ 'local.metadatatransfer': 'true' });
    expect(see(localSource({ name: 'n', metadataOnlyExcept: ['a'] }))).toMatchObject({
      attrs: { 'local.metadatatransfer': 'true', 'local.metadatatransferexclude': '["a"]' },
      caps: ['source.local', 'source.local.metadatatransfer'],
    });
  });
});

describe('git repositories', () => {
  const secrets = { 'git.authtokensecret': 'GIT_AUTH_TOKEN', 'git.authheadersecret': 'GIT_AUTH_HEADER' };

  test('by ssh need an agent, and hosts that are known', () => {
    expect(see(gitSource({ remote: 'git@h:a', ref: 'main', knownSshHosts: 'h ssh-ed25519 A\n' }))).toEqual({
      identifier: 'git://h/a#main',
      attrs: {
        'git.fullurl': 'git@h:a',
        ...secrets,
        'git.knownsshhosts': 'h ssh-ed25519 A\n',
        'git.mountsshsock': 'default',
      },
      caps: ['source.git', 'source.git.fullurl', 'source.git.knownsshhosts', 'source.git.mountsshsock'],
    });
  });

  test('with everything', () => {
    const source = gitSource({
      remote: 'https://h/a',
      authTokenSecret: 'T',
      checksum: '0123456',
      skipSubmodules: true,
      mtime: 'commit',
      fetchByCommit: true,
      bundle: { url: `oci-layout+blob://a@${sha}`, sessionId: 's', storeId: 'o' },
      checkoutBundle: true,
    });
    expect(see(source)).toEqual({
      identifier: 'git://h/a',
      attrs: {
        'git.fullurl': 'https://h/a',
        ...secrets,
        'git.authtokensecret': 'T',
        'git.checksum': '0123456',
        'git.skipsubmodules': 'true',
        'git.mtime': 'commit',
        'git.fetchbycommit': 'true',
        'git.bundle': `oci-layout+blob://a@${sha}`,
        'oci.session': 's',
        'oci.store': 'o',
        'git.checkoutbundle': 'true',
      },
      caps: [
        'source.git',
        'source.git.bundle',
        'source.git.checkoutbundle',
        'source.git.checksum',
        'source.git.fetchbycommit',
        'source.git.fullurl',
        'source.git.httpauth',
        'source.git.mtime',
        'source.git.skipsubmodules',
      ],
    });
  });

  test.each([
    { checksum: '012345' },
    { checksum: 'main' },
    { fetchByCommit: true },
    { bundle: { url: `docker-image+blob://a@${sha}` } },
    { checksum: '0123456', bundle: { url: `docker-image://a@${sha}` } },
    { checkoutBundle: true, keepGitDir: true },
    { checkoutBundle: true, subdir: 'a' },
  ])('%j can not be', (options) => {
    expect(() => gitSource({ remote: 'https://h/a', ...options })).toThrow(InvalidOpError);
  });
});

test('a source needs an identifier', () => {
  expect(() => sourceOp({ identifier: '' })).toThrow(InvalidOpError);
});
