import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { readAttestations } from './attestations.js';
import { readCacheEntries } from './cache-entries.js';
import { splitCsv } from './fields.js';

const program = 'fs default() {\n\tscratch\n}\n';

/** A caller of commands with this environment. */
async function io(env: NodeJS.ProcessEnv = {}) {
  const cwd = await folderWith({});
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env, cwd };
}

describe('comma-separated values', () => {
  test.each([
    ['a=1,b=2', ['a=1', 'b=2']],
    ['', ['']],
    ['a=', ['a=']],
    ['"ref=a,b",c=d', ['ref=a,b', 'c=d']],
    ['"a=say ""hi""",b', ['a=say "hi"', 'b']],
    ['a,', ['a', '']],
  ])('%s', (line, parts) => {
    expect(splitCsv(line)).toEqual(parts);
  });

  test.each(['a="1"', '"a', '"a"b'])('%s is none', (line) => {
    expect(() => splitCsv(line)).toThrow(SyntaxError);
  });
});

describe('caches', () => {
  test('a reference alone is a registry', async () => {
    const { entries } = readCacheEntries(await io(), 'import', ['example.com/a:1,example.com/b']);
    expect(entries.map(({ type, attrs }) => [type, attrs?.get('ref')])).toEqual([
      ['registry', 'example.com/a:1'],
      ['registry', 'example.com/b'],
    ]);
  });

  test('a directory leads from the current one', async () => {
    const given = await io();
    const { entries } = readCacheEntries(given, 'export', ['type=local,dest=out/cache,mode=max']);
    expect([...(entries[0]?.attrs ?? [])]).toEqual([
      ['dest', join(given.cwd, 'out/cache')],
      ['mode', 'max'],
    ]);
  });

  test('the cache of GitHub Actions takes its token from the environment, and is left out elsewhere', async () => {
    const env = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'https://x', ACTIONS_CACHE_SERVICE_V2: 'True' };
    const { entries } = readCacheEntries(await io(env), 'export', ['type=gha,scope=main,mode=max']);
    expect(Object.fromEntries(entries[0]?.attrs ?? [])).toEqual({
      ...{ scope: 'main', mode: 'max', token: 't', url_v2: 'https://x', version: '2' },
    });
    const elsewhere = readCacheEntries(await io(), 'export', ['type=gha']);
    expect(elsewhere).toEqual({
      entries: [],
      notices: ['--cache-to type=gha has no effect: this is no job of GitHub Actions'],
    });
  });

  test('s3 takes its credentials from the environment, where they are not given', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-1' };
    const { entries } = readCacheEntries(await io(env), 'import', ['type=s3,bucket=b,access_key_id=mine']);
    expect(Object.fromEntries(entries[0]?.attrs ?? [])).toEqual({
      ...{ bucket: 'b', access_key_id: 'mine', secret_access_key: 'secret', region: 'eu-1' },
    });
  });
});

describe('attestations', () => {
  test.each([
    [{ provenance: 'true' }, { provenance: '' }],
    [{ provenance: 'false', attest: [] }, undefined],
    [{ provenance: 'mode=max,version=v1' }, { provenance: 'mode=max,version=v1' }],
    [{ attest: ['type=provenance,mode=min', 'type=sbom'] }, { provenance: 'mode=min', sbom: '' }],
    [{ sbom: 'generator=example.com/scan' }, { sbom: 'generator=example.com/scan' }],
    [{ attest: ['type=sbom,disabled=true'], provenance: '"builder-id=a,b"' }, { provenance: '"builder-id=a,b"' }],
  ])('%j', (flags, wanted) => {
    const found = readAttestations(flags);
    expect(found === undefined ? undefined : Object.fromEntries(found)).toEqual(wanted);
  });
});

describe('what is wrong is said with exit code 2, before an engine is looked for', () => {
  test.each([
    [['--cache-to', 'type=local'], '--cache-to "type=local": there is no dest'],
    [['--cache-from', 'type=local,dest=x'], 'there is no src'],
    [['--cache-to', 'type=local,dst=x'], 'Write dest in place of dst.'],
    [['--cache-to', 'type=locl,dest=x'], 'Did you mean local? Types: registry,'],
    [['--cache-from', 'type=inline'], 'inline caches are imported from the registry'],
    [['--cache-to', 'ref=x'], 'there is no type'],
    [['--cache-to', 'type=registyr,ref=x'], '"registyr" is no type of cache'],
    [['--cache-to', 'type=registry,ref=a//b'], '"a//b" is no image reference'],
    [['--cache-to', 'type=registry,ref=x,mode=most'], 'mode must be min or max'],
    [['--cache-to', 'type=registry,ref=x,ignore-error=maybe'], 'ignore-error must be true or false'],
    [['--cache-to', 'type=local,"dest=x'], 'a quote is not closed'],
    [['--cache-to', 'type=local,dest=a,dest=b'], 'dest is given twice'],
    [['--cache-to', 'a/b', '--cache-to', 'a/b'], 'the same is given twice'],
    [['--attest', 'mode=max'], 'there is no type'],
    [['--attest', 'type=slsa'], '"slsa" is no type of attestation'],
    [['--provenance', 'mode=some'], 'mode must be min or max'],
    [['--provenance', 'yes'], '"yes" is not of the form KEY=VALUE'],
    [['--sbom', 'true', '--attest', 'type=sbom'], 'asked for twice'],
    [['--source-date-epoch', 'yesterday'], '--source-date-epoch "yesterday": must be whole seconds since 1970'],
    [['--source-policy', 'lost.json'], 'cannot read the source policy "lost.json": there is no such file'],
    [['--source-policy', 'broken.json'], "the source policy broken.json can't be used: rules[0].action must be one of"],
    [['--allow', 'network.none'], '--allow "network.none": this can not be allowed'],
  ])('%j', async (args, message) => {
    const cwd = await folderWith({
      'build.hlb': program,
      'broken.json': '{ "rules": [{ "action": "MAYBE", "selector": { "identifier": "x" } }] }',
    });
    const { code, stderr } = await cli(['--engine', 'unix:///nowhere.sock', 'run', ...args], { cwd });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('of the environment', async () => {
    const cwd = await folderWith({ 'build.hlb': program });
    const env = { PATH: process.env.PATH, SOURCE_DATE_EPOCH: '1.5' };
    const { code, stderr } = await cli(['--engine', 'unix:///nowhere.sock', 'run'], { cwd, env });
    expect(stderr).toContain('SOURCE_DATE_EPOCH "1.5": must be whole seconds since 1970');
    expect(code).toBe(2);
  });

  test.each([
    ['{ "run": { "cacheTo": [1] } }', 'run.cacheTo must be a text, or a list of texts'],
    ['{ "run": { "sbom": 1 } }', 'run.sbom must be true, false or a text'],
    ['{ "run": { "sourceDateEpoch": "now" } }', 'run.sourceDateEpoch must be whole seconds since 1970'],
    ['{ "run": { "allow": ["all"] } }', 'run.allow must be a list of network.host, security.insecure'],
    ['{ "run": { "metadataFile": true } }', 'run.metadataFile must be a path'],
  ])('of the configuration: %s', async (config, message) => {
    const cwd = await folderWith({ 'build.hlb': program, 'hlb.config.json': config });
    const { code, stderr } = await cli(['--engine', 'unix:///nowhere.sock', 'run'], { cwd });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
