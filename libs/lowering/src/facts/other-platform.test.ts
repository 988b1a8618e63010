import { type Diagnostic, sourceFile } from '@hlb/diagnostics';
import { hostFacts, recordedFacts } from '@hlb/facts';
import { describe, expect, test } from 'vitest';
import { compile } from '../compile.js';
import { otherPlatform } from './other-platform.js';

test.each([
  ['{"os":"linux","architecture":"amd64"}', 'linux/arm64', 'linux/amd64'],
  ['{"os":"windows","architecture":"amd64"}', 'linux/amd64', 'windows/amd64'],
  ['{"os":"linux","architecture":"amd64"}', 'linux/amd64', undefined],
  ['{"os":"Linux","architecture":"aarch64"}', 'linux/arm64', undefined],
  ['{"os":"linux","architecture":"arm","variant":"v6"}', 'linux/arm/v7', undefined],
  ['{"os":"linux"}', 'linux/arm64', undefined],
  ['{}', 'linux/arm64', undefined],
  ['no JSON', 'linux/arm64', undefined],
])('%s, asked for %s', (config, asked, other) => {
  expect(otherPlatform(config, asked)).toBe(other);
});

describe('an image that there is for one platform only', () => {
  const single = { 'docker.io/library/a:latest': { config: { os: 'linux', architecture: 'amd64' } } };

  async function warnings(
    body: string,
    platform: string,
    images: Readonly<Record<string, unknown>> = single,
  ): Promise<readonly Diagnostic[]> {
    const program = sourceFile('build.hlb', `fs default() {\n\t${body}\n}\n`);
    const facts = recordedFacts({ images }, hostFacts({ arch: 'amd64' }));
    const compiled = await compile(program, { targets: ['default'], platform, facts });
    return compiled.diagnostics.filter(({ code }) => code === 'HLB0535');
  }

  test('is a warning at its name', async () => {
    const [warning, ...others] = await warnings('image "a"\n\trun "x"', 'linux/arm64');
    expect(others).toEqual([]);
    expect(warning?.severity).toBe('warning');
    expect(warning?.message).toBe('docker.io/library/a:latest is for linux/amd64, not for linux/arm64');
    expect(warning?.labels[0]?.span).toMatchObject({ start: 22, end: 25 });
  });

  test('is one also where only its files are copied', async () => {
    expect(await warnings('scratch\n\tcopy image("a") "/x" "/x"', 'linux/arm64')).toHaveLength(1);
  });

  test('is one also where the program asks for the platform', async () => {
    const body = 'image "a" with option { platform "linux" "arm64"; }\n\trun "x"';
    expect(await warnings(body, 'linux/amd64')).toHaveLength(1);
  });

  test('is none where that is the one asked for', async () => {
    const body = 'image "a" with option { platform "linux" "amd64"; }\n\trun "x"';
    expect(await warnings(body, 'linux/arm64')).toEqual([]);
    expect(await warnings('image "a"\n\trun "x"', 'linux/amd64')).toEqual([]);
  });

  test('is not known where nothing is known', async () => {
    expect(await warnings('image "a"\n\trun "x"', 'linux/arm64', {})).toEqual([]);
  });
});
