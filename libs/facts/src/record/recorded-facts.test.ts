import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Facts } from '../facts.js';
import { hostFacts } from '../host/host-facts.js';
import { joinFacts, offlineEngineFacts } from '../offline-facts.js';
import { readFactsFile } from './facts-file.js';
import { recordFacts } from './record-facts.js';
import { recordedFacts } from './recorded-facts.js';

const knowing = mkdtempSync(join(tmpdir(), 'hlb-knowing-'));
mkdirSync(join(knowing, '.ssh'));
writeFileSync(join(knowing, '.ssh/known_hosts'), 'h.example ssh-ed25519 AAAA\n');
afterAll(() => rmSync(knowing, { recursive: true }));

const host = hostFacts({
  cwd: '/host',
  home: knowing,
  os: 'linux',
  arch: 'amd64',
  environment: new Map([
    ['PATH', '/bin'],
    ['A', 'host'],
  ]),
});

describe('facts from a file', () => {
  test('an empty one asks the host and knows nothing else', async () => {
    const facts = recordedFacts({}, host);
    expect(await facts.cwd()).toBe('/host');
    expect((await facts.environment()).get('A')).toBe('host');
    expect(await facts.imageConfig({ ref: 'docker.io/library/a:latest' })).toBeUndefined();
    expect(await facts.manifest({ ref: 'docker.io/library/a:latest' })).toBeUndefined();
    expect(await facts.pushDigest('x')).toBeUndefined();
    expect(await facts.frontend({ source: 'x', opts: [], inputs: [] })).toBeUndefined();
    expect(await facts.moduleFile({ module: 'constructor', path: 'name' })).toBeUndefined();
  });

  test('its environment is the whole one, also of commands', async () => {
    const facts = recordedFacts({ env: { PATH: '/usr/bin:/bin', B: 'file' } }, host);
    expect((await facts.environment()).has('A')).toBe(false);
    const result = await facts.command({ args: ['sh', '-c', 'echo "$A$B"'], cwd: '/', capture: 'stdout' });
    expect(result.output).toBe('file\n');
  });

  test('images by platform, with and without a variant, and for all', async () => {
    const images = {
      'r:1|linux/arm64': { config: { n: 1 }, digest: 'sha256:1' },
      'r:1|linux/arm': { config: '{"n": 2}' },
      'r:1': { config: { n: 3 } },
    };
    const facts = recordedFacts({ images }, host);
    expect(await facts.imageConfig({ ref: 'r:1', platform: 'linux/arm64' })).toEqual({
      config: '{"n":1}',
      digest: 'sha256:1',
    });
    expect(await facts.imageConfig({ ref: 'r:1', platform: 'linux/arm/v7' })).toEqual({ config: '{"n": 2}' });
    expect(await facts.imageConfig({ ref: 'r:1', platform: 'linux/amd64' })).toEqual({ config: '{"n":3}' });
    expect(await facts.imageConfig({ ref: 'r:1' })).toEqual({ config: '{"n":3}' });
  });

  test('an index gives the manifest of the platform', async () => {
    const index = JSON.stringify({
      manifests: [
        { digest: 'sha256:a', platform: { os: 'linux', architecture: 'amd64' } },
        { digest: 'sha256:b', platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
      ],
    });
    const manifests = { 'sha256:a': { manifest: 'A', config: 'a' }, 'sha256:b': { manifest: 'B', config: 'b' } };
    const facts = recordedFacts({ registry: { 'r:1': { digest: 'sha256:i', index, manifests } } }, host);
    const whole = { digest: 'sha256:i', index };
    expect(await facts.manifest({ ref: 'r:1' })).toEqual({ ...whole, manifest: 'A', config: 'a' });
    expect(await facts.manifest({ ref: 'r:1', platform: 'linux/arm/v7' })).toEqual({
      ...whole,
      manifest: 'B',
      config: 'b',
    });
    expect(await facts.manifest({ ref: 'r:1', platform: 'linux/arm' })).toEqual({
      ...whole,
      manifest: 'B',
      config: 'b',
    });
    await expect(facts.manifest({ ref: 'r:1', platform: 'linux/s390x' })).rejects.toThrow(
      'r:1 has no image for linux/s390x',
    );
  });

  test('one digest for all pushes, or by reference', async () => {
    expect(await recordedFacts({ pushDigest: 'sha256:a' }, host).pushDigest('x')).toBe('sha256:a');
    expect(await recordedFacts({ pushDigest: { x: 'sha256:b' } }, host).pushDigest('x')).toBe('sha256:b');
    expect(await recordedFacts({ pushDigest: { x: 'sha256:b' } }, host).pushDigest('y')).toBeUndefined();
  });

  test('rows of one command answer its runs in order', async () => {
    const commands = [
      { args: ['date'], output: '1' },
      { args: ['date'], output: '2', exit: 1 },
    ];
    const facts = recordedFacts({ commands }, host);
    const run = () => facts.command({ args: ['date'], cwd: '/', capture: 'stdout' });
    expect([(await run()).output, (await run()).output, (await run()).output]).toEqual(['1', '2', '2']);
  });

  test.each([
    [[], /holds an object/],
    [{ env: { A: 1 } }, /key env .* object of texts/],
    [{ cwd: 1 }, /key cwd/],
    [{ commands: [{ args: 'x', output: '' }] }, /key commands/],
    [{ images: { a: {} } }, /key images/],
    [{ registry: { a: { digest: 'x', index: '{}' } } }, /key registry/],
    [{ paths: { '/a': { kind: 'folder', realPath: '/a' } } }, /key paths/],
    [{ files: { '/a': 'b' } }, /key files/],
    [{ changes: [{ path: '/a', latest: '2024-01-01' }] }, /key changes/],
    [{ knownHosts: { h: 'ssh-rsa' } }, /key knownHosts/],
    [{ pushDigest: [] }, /key pushDigest/],
    [{ frontends: [{ source: 'x' }] }, /key frontends/],
    [{ modules: { a: 'b' } }, /key modules/],
  ])('%j is refused', (json, message) => {
    expect(() => recordedFacts(json, host)).toThrow(message);
  });

  test('the options of every conformance case are facts', () => {
    const root = join(import.meta.dirname, '../../../../conformance');
    let cases = 0;
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('expect.json')) continue;
      const { options = {} } = JSON.parse(readFileSync(join(root, path), 'utf8'));
      expect(() => readFactsFile(options)).not.toThrow();
      cases++;
    }
    expect(cases).toBeGreaterThan(100);
  });
});

describe('a recording', () => {
  const engine = {
    ...offlineEngineFacts(),
    imageConfig: async () => ({ digest: 'sha256:c', config: '{"a":1}' }),
    manifest: async ({ platform }: { platform?: string }) => ({
      digest: 'sha256:i',
      index: '{"manifests":[]}',
      manifest: `M ${platform}`,
      config: 'c',
    }),
  };
  const steps = {
    frontend: async () => ({ def: [new Uint8Array([1, 2])], config: '{}' }),
    pushDigest: async () => 'sha256:p',
    moduleFile: async () => 'fs default() {}',
  };

  const tree = mkdtempSync(join(tmpdir(), 'hlb-recorded-'));
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  async function ask(facts: Facts): Promise<unknown> {
    const environment = await facts.environment();
    return [
      await facts.cwd(),
      await facts.home(),
      await facts.os(),
      await facts.arch(),
      environment.get('A'),
      environment.get('NOPE'),
      await facts.command({ args: ['sh', '-c', 'echo $$'], cwd: '/', capture: 'both' }),
      await facts.command({ args: ['sh', '-c', 'echo $$'], cwd: '/', capture: 'both' }),
      await facts.hardwareAddress(),
      await facts.knownHosts('h.example'),
      await facts.path(tree),
      await facts.files(tree),
      await facts.latestChange({ path: tree, include: ['*.ts'], exclude: [] }),
      await facts.imageConfig({ ref: 'r:1', platform: 'linux/arm/v7' }),
      await facts.frontend({ source: 's', opts: [{ key: 'k', value: 'v' }], inputs: [{ key: 'i', digest: 'd' }] }),
      await facts.pushDigest('r:2'),
      await facts.moduleFile({ module: 'm', path: 'module.hlb' }),
    ];
  }

  test('answers the same again, on another host', async () => {
    const recording = recordFacts(joinFacts(host, engine, steps));
    mkdirSync(join(tree, 'src'));
    writeFileSync(join(tree, 'src/a.ts'), '');
    const answers = await ask(recording.facts);
    rmSync(tree, { recursive: true });
    const other = hostFacts({ cwd: '/other', home: '/', os: 'x', arch: 'y', environment: new Map() });
    const json: unknown = JSON.parse(JSON.stringify(recording));
    expect(await ask(recordedFacts(json, other))).toEqual(answers);
  });

  test('of a path that is only known from a file, it was never changed', async () => {
    const path = join(tree, 'elsewhere');
    const paths = { '/link': { kind: 'directory', realPath: path } };
    const request = { path, include: [], exclude: [] };
    expect(await recordedFacts({ paths }, host).latestChange(request)).toBe(0n);
    await expect(recordedFacts({}, host).latestChange(request)).rejects.toThrow(`${path} can't be read (ENOENT)`);
  });

  test('holds only the variables that were read', async () => {
    const secret = hostFacts({
      environment: new Map([
        ['A', 'b'],
        ['TOKEN', 'hush'],
        ['Z', 'z'],
      ]),
    });
    const recording = recordFacts(joinFacts(secret));
    await recording.facts.cwd();
    expect(recording.toJSON()).not.toHaveProperty('env');
    (await recording.facts.environment()).get('A');
    expect((await recording.facts.environment()).has('Z')).toBe(true);
    expect(recording.toJSON().env).toEqual({ A: 'b', Z: 'z' });
    expect([...(await recording.facts.environment()).values()]).toEqual(['b', 'hush', 'z']);
    expect(recording.toJSON().env).toEqual({ A: 'b', TOKEN: 'hush', Z: 'z' });
  });

  test('joins the images of an index', async () => {
    const recording = recordFacts(joinFacts(host, engine, steps));
    await recording.facts.manifest({ ref: 'r:1', platform: 'linux/amd64' });
    await recording.facts.manifest({ ref: 'r:1', platform: 'linux/arm64' });
    const row = recording.toJSON().registry?.['r:1'];
    expect(Object.values(row?.manifests ?? {}).map(({ manifest }) => manifest)).toEqual([
      'M linux/amd64',
      'M linux/arm64',
    ]);
  });

  test('holds nothing that was not known', async () => {
    const recording = recordFacts(joinFacts(host));
    await recording.facts.imageConfig({ ref: 'r:1' });
    await recording.facts.manifest({ ref: 'r:1' });
    await recording.facts.pushDigest('r:1');
    await recording.facts.moduleFile({ module: 'm', path: 'p' });
    await recording.facts.frontend({ source: 's', opts: [], inputs: [] });
    expect(recording.toJSON()).toEqual({});
  });
});
