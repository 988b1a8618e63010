import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Index {
  readonly manifests: readonly { readonly digest: string; readonly annotations?: Record<string, string> }[];
}

async function run(
  text: string,
  args: readonly string[],
  more: { readonly files?: Readonly<Record<string, string>>; readonly env?: NodeJS.ProcessEnv } = {},
) {
  const cwd = await folderWith({ 'build.hlb': text, ...more.files });
  const env = { HOME: process.env.HOME, PATH: process.env.PATH, ...more.env };
  const given = ['--engine', testEngine().address, 'run', '--log-output', 'plain', ...args];
  return { cwd, ...(await cli(given, { cwd, env })) };
}

async function fromRegistry(name: string, kind: 'manifests' | 'blobs', ref: string): Promise<unknown> {
  const response = await fetch(`http://${testEngine().registry}/v2/${name}/${kind}/${ref}`, { headers: { accept } });
  expect(response.status).toBe(200);
  return response.json();
}

const download = 'fs default() {\n\tscratch\n\tmkfile "/file" 0o644 "x"\n\tdownload "out"\n}\n';

function push(name: string): string {
  return `fs default() {\n\tscratch\n\tmkfile "/file" 0o644 "x"\n\tlabel "a" "b"\n\tdockerPush "${testEngine().registry}/${name}:1"\n}\n`;
}

describe('attestations', () => {
  test('provenance beside what is downloaded, in the index of what is pushed, and none unless asked for', async () => {
    const none = await run(download, []);
    expect(readdirSync(join(none.cwd, 'out'))).toEqual(['file']);
    const { cwd, code, stderr } = await run(download, ['--provenance', 'mode=max']);
    expect(code, stderr).toBe(0);
    const provenance = JSON.parse(readFileSync(join(cwd, 'out/provenance.json'), 'utf8'));
    expect(provenance.predicateType).toContain('slsa.dev/provenance');

    const name = `provenance-${Date.now()}`;
    expect((await run(push(name), ['--attest', 'type=provenance,mode=min'])).code).toBe(0);
    const { manifests } = (await fromRegistry(name, 'manifests', '1')) as Index;
    expect(manifests.map(({ annotations }) => annotations?.['vnd.docker.reference.type'])).toEqual([
      undefined,
      'attestation-manifest',
    ]);
  });

  test('a list of contents, made by a scanner of our own', async () => {
    const scanner = `localhost:${testEngine().registry.split(':')[1]}/scanner-${Date.now()}`;
    const script =
      'for target in "$BUILDKIT_SCAN_SOURCE"; do printf \'{"predicateType":"https://spdx.dev/Document","predicate":{"name":"%s","files":"%s"}}\' "$(basename $target)" "$(ls $target)" > "$BUILDKIT_SCAN_DESTINATION/$(basename $target).spdx.json"; done';
    const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\tcopy local("scan") "scan" "/bin/scan"\n\tentrypoint "/bin/sh" "/bin/scan"\n\tdockerPush "${scanner}:1"\n}\n`;
    const made = await run(program, [], { files: { scan: script } });
    expect(made.code, made.stderr).toBe(0);
    const { cwd, code, stderr } = await run(download, ['--sbom', `generator=${scanner}:1`]);
    expect(code, stderr).toBe(0);
    expect(readdirSync(join(cwd, 'out')), stderr).toEqual(['file', 'sbom.spdx.json']);
    const sbom = JSON.parse(readFileSync(join(cwd, 'out/sbom.spdx.json'), 'utf8'));
    expect(sbom.predicate.files).toBe('file');
  });

  test('an archive of Docker, which has no place for them, comes without; what stands beside it has them', async () => {
    const program =
      'fs default() {\n\tscratch\n\tmkfile "/file" 0o644 "x"\n\tdownloadDockerTarball "image.tar" "a/b"\n\tdownload "out"\n}\n';
    const { cwd, code, stderr } = await run(program, ['--provenance', 'true']);
    expect(code, stderr).toBe(0);
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['file', 'provenance.json']);
    expect(execFileSync('tar', ['-tf', join(cwd, 'image.tar')], { encoding: 'utf8' })).toContain('manifest.json');
  });
});

describe('SOURCE_DATE_EPOCH', () => {
  const epoch = 1_000_000_000;
  const time = '2001-09-09T01:46:40Z';

  test('no time of a download, of an image, or of its files is later', async () => {
    const { cwd, code, stderr } = await run(download, [], { env: { SOURCE_DATE_EPOCH: String(epoch) } });
    expect(code, stderr).toBe(0);
    expect(statSync(join(cwd, 'out/file')).mtimeMs).toBe(epoch * 1000);

    const name = `epoch-${Date.now()}`;
    expect((await run(push(name), ['--source-date-epoch', String(epoch)])).code).toBe(0);
    const manifest = (await fromRegistry(name, 'manifests', '1')) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    const config = (await fromRegistry(name, 'blobs', manifest.config.digest)) as {
      created: string;
      history: { created: string }[];
    };
    expect(config.created).toBe(time);
    for (const { created } of config.history) expect(Date.parse(created)).toBeLessThanOrEqual(epoch * 1000);
    const layer = await fetch(`http://${testEngine().registry}/v2/${name}/blobs/${manifest.layers[0]?.digest}`);
    const listing = execFileSync('tar', ['--full-time', '--utc', '-tvzf', '-'], {
      input: Buffer.from(await layer.arrayBuffer()),
      encoding: 'utf8',
    });
    expect(listing).toMatch(/2001-09-09 01:46:40 file/);
  });

  test('two builds of the same are the same image', async () => {
    const digests: string[] = [];
    for (const mark of ['a', 'b']) {
      const name = `same-${mark}-${Date.now()}`;
      const { stderr } = await run(push(name), ['--source-date-epoch', String(epoch)]);
      digests.push(/sha256:[0-9a-f]{64}/.exec(stderr.slice(stderr.indexOf('pushed')))?.[0] ?? mark);
    }
    expect(digests[0]).toBe(digests[1]);
  });
});

describe('a policy on sources', () => {
  const image = (name: string): string =>
    `fs default() {\n\timage "${testEngine().registry}/${name}"\n\tdownload "out"\n}\n`;
  const policy = (rule: object): string => JSON.stringify({ version: 1, rules: [rule] });

  test('denies an image', async () => {
    const selector = { identifier: `docker-image://${testEngine().registry}/*`, matchType: 'WILDCARD' };
    const files = { 'policy.json': policy({ action: 'DENY', selector }) };
    const { cwd, code, stderr } = await run(image('base'), ['--source-policy', 'policy.json'], { files });
    expect(stderr).toMatch(/denied by policy/);
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });

  test('replaces one, by the variable of buildx', async () => {
    const { registry } = testEngine();
    const files = {
      'policy.json': policy({
        action: 'CONVERT',
        selector: { identifier: `docker-image://${registry}/gone:latest` },
        updates: { identifier: `docker-image://${registry}/base:latest` },
      }),
    };
    const env = { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: 'policy.json' };
    const { cwd, code, stderr } = await run(image('gone'), [], { files, env });
    expect(code, stderr).toBe(0);
    expect(existsSync(join(cwd, 'out/bin/busybox'))).toBe(true);
  });
});

describe('what modules from elsewhere may do', () => {
  const foreign = (option: string): string => {
    const { registry } = testEngine();
    const command = `wget -q -O /seen http://${registry}/v2/`;
    return `import it from fs {\n\tscratch\n\tmkfile "module.hlb" 0o644 <<-\`M\`\n\t\texport it\n\t\tfs it() {\n\t\t\timage "${registry}/base"\n\t\t\trun "${command}" with ${option}\n\t\t}\n\tM\n}\n\nfs default() {\n\tit.it\n\tdownload "out"\n}\n`;
  };

  test.each([
    ['network("host")', 'network.host'],
    ['security("insecure")', 'security.insecure'],
  ])('%s is refused where it stands, with what to add', async (option, entitlement) => {
    const { code, stderr } = await run(foreign(option), []);
    expect(stderr).toContain('HLB0534');
    expect(stderr).toContain(`a module from elsewhere asks for ${entitlement}`);
    expect(stderr).toContain(`add --allow ${entitlement}`);
    expect(stderr).toMatch(/module\.hlb:4:/);
    expect(code).toBe(1);
  });

  test('what is allowed is granted', async () => {
    const { cwd, code, stderr } = await run(foreign('network("host")'), ['--allow', 'network.host']);
    expect(code, stderr).toBe(0);
    expect(existsSync(join(cwd, 'out/seen'))).toBe(true);
  });

  test('the program itself needs no leave', async () => {
    const { registry } = testEngine();
    const own = `fs default() {\n\timage "${registry}/base"\n\trun "wget -q -O /seen http://${registry}/v2/" with network("host")\n\tdownload "out"\n}\n`;
    const { cwd, code, stderr } = await run(own, []);
    expect(code, stderr).toBe(0);
    expect(existsSync(join(cwd, 'out/seen'))).toBe(true);
  });
});

describe('the metadata file', () => {
  test('has what each target came to, as buildx names it', async () => {
    const { registry } = testEngine();
    const name = `metadata-${Date.now()}`;
    const program = `fs pushed() {\n\tscratch\n\tmkfile "/file" 0o644 "x"\n\tdockerPush "${registry}/${name}:1"\n}\n\nfs files() {\n\tscratch\n\tmkfile "/other" 0o644 "x"\n\tdownload "out"\n}\n`;
    const args = ['-t', 'pushed', '-t', 'files', '--metadata-file', 'meta.json'];
    const { cwd, code, stderr } = await run(program, args);
    expect(code, stderr).toBe(0);
    const head = await fetch(`http://${registry}/v2/${name}/manifests/1`, { headers: { accept } });
    const digest = head.headers.get('docker-content-digest');
    const { config } = (await head.json()) as { config: { digest: string } };
    const metadata = JSON.parse(readFileSync(join(cwd, 'meta.json'), 'utf8'));
    expect(metadata.pushed).toMatchObject({
      'containerimage.digest': digest,
      'containerimage.config.digest': config.digest,
      'containerimage.descriptor': { digest },
      'image.name': `${registry}/${name}:1`,
      'buildx.build.ref': expect.stringMatching(/^default\/default\/[a-z0-9]{25}$/),
      'hlb.outputs': [{ kind: 'push', destination: `${registry}/${name}:1`, digest }],
    });
    expect(metadata.files['hlb.outputs']).toMatchObject([{ kind: 'directory', destination: join(cwd, 'out') }]);
    expect(metadata.files['containerimage.digest']).toBeUndefined();
    expect(readdirSync(cwd).sort()).toEqual(['build.hlb', 'meta.json', 'out']);
  });

  test('stays as it was when the build fails', async () => {
    const program = `fs default() {\n\timage "${testEngine().registry}/base"\n\trun "false"\n}\n`;
    const files = { 'meta.json': 'before' };
    const { cwd, code } = await run(program, ['--metadata-file', 'meta.json'], { files });
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, 'meta.json'), 'utf8')).toBe('before');
  });

  test('is written in a folder that is made for it', async () => {
    const { cwd, code } = await run(download, ['--metadata-file', 'no/such/folder.json']);
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, 'no/such'))).toEqual(['folder.json']);
  });

  test('that can not be written is said, with what kept it', async () => {
    const { code, stderr } = await run(download, ['--metadata-file', 'build.hlb/x/meta.json']);
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'cannot write the metadata file "build.hlb/x/meta.json": a part of its path is no directory',
    );
  });
});
