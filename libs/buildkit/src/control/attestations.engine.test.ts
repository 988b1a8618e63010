import { marshal } from '@hlb/llb';
import { AttestationKind, InTotoSubjectKind } from '@hlb/proto/gateway';
import { expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { attributes, json, mkfile, OnEngine, platform, tarFile } from '../fixtures/on-engine.js';
import { skipUnless } from '../fixtures/skip-unless.js';
import { openGateway } from '../gateway/open-gateway.js';
import type { SolveOptions } from './solve-request.js';

interface Index {
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform?: { readonly os: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

const blobName = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

/** The in-toto statements that an OCI archive holds about its image, by their predicate types. */
function statements(path: string): ReadonlyMap<string, Record<string, unknown>> {
  const outer: Index = JSON.parse(tarFile(path, 'index.json').toString());
  const inner: Index = JSON.parse(tarFile(path, blobName(outer.manifests[0]?.digest ?? '')).toString());
  const [image, attesting] = inner.manifests;
  expect(image?.platform).toMatchObject({ os: 'linux' });
  expect(attesting?.annotations).toMatchObject({
    'vnd.docker.reference.digest': image?.digest,
    'vnd.docker.reference.type': 'attestation-manifest',
  });
  const manifest: { layers: { digest: string }[] } = JSON.parse(
    tarFile(path, blobName(attesting?.digest ?? '')).toString(),
  );
  return new Map(
    manifest.layers.map(({ digest }) => {
      const statement = json(tarFile(path, blobName(digest)));
      return [String(statement['predicateType']), statement] as const;
    }),
  );
}

test('provenance of a Dockerfile stands in the index of an OCI archive', async () => {
  const on = await OnEngine.open();
  const dockerfile = mkfile('/Dockerfile', `FROM ${testEngine().registry}/base\nRUN echo ${on.mark} > /made\n`);
  const options: SolveOptions = {
    frontend: 'dockerfile.v0',
    frontendAttrs: attributes({ 'attest:provenance': 'mode=max' }),
    frontendInputs: new Map([
      ['context', marshal(undefined, { platform })],
      ['dockerfile', marshal(dockerfile, { platform })],
    ]),
  };
  const making = on.frontend('oci', options);
  if (!on.exportsImages && on.caps.llb.has('exporter.image.attestations')) {
    await expect(making).rejects.toThrow('the exporter "oci" is not supported by this engine: Docker has it with');
    return;
  }
  if (!on.caps.llb.has('exporter.image.attestations')) {
    await expect(making).rejects.toThrow('an attestation is not supported by this engine: it needs BuildKit 0.11');
    return;
  }
  const found = statements((await making).path);
  const [type, statement] = [...found].find(([name]) => name.startsWith('https://slsa.dev/provenance/')) ?? [];
  expect(type).toMatch(/^https:\/\/slsa\.dev\/provenance\/v(0\.2|1)$/);
  // The image that it was built from, and the command.
  expect(JSON.stringify(statement)).toContain(on.mark);
  expect(JSON.stringify(statement)).toContain('/base');
});

test('a frontend of our own attests what it likes', async (context) => {
  await skipUnless(context, 'gateway:reference.attestations');
  await skipUnless(context, 'images');
  const on = await OnEngine.open();
  const path = on.path('attested.tar');
  const target = on.session.addTarget({ exporterId: 0, kind: 'file', path });
  const gateway = await openGateway(on.connection, { session: on.session.id, exporters: [{ type: 'oci' }] });
  try {
    const image = await gateway.solve({ definition: marshal(mkfile('/a', on.mark), { platform }) });
    const notes = await gateway.solve({ definition: marshal(mkfile('/note.json', '{"seen":true}'), { platform }) });
    const ref = notes.refs.kind === 'one' ? notes.refs.ref : undefined;
    const only = image.refs.kind === 'one' ? image.refs.ref : undefined;
    const key = 'linux/amd64';
    const description = { Platforms: [{ ID: key, Platform: { os: 'linux', architecture: 'amd64' } }] };
    await gateway.return({
      refs: { kind: 'platforms', refs: new Map([[key, only]]) },
      metadata: new Map([['refs.platforms', Buffer.from(JSON.stringify(description))]]),
      attestations: new Map([
        [
          key,
          [
            {
              kind: AttestationKind.InToto,
              metadata: new Map(),
              ref: ref === undefined ? undefined : { id: ref.id, def: undefined },
              path: '/note.json',
              inTotoPredicateType: 'https://example.test/note',
              inTotoSubjects: [{ kind: InTotoSubjectKind.Self, digest: [], name: '' }],
            },
          ],
        ],
      ]),
    });
    await target.commit();
    expect(statements(path).get('https://example.test/note')).toMatchObject({ predicate: { seen: true } });
  } finally {
    await gateway.close();
  }
});
