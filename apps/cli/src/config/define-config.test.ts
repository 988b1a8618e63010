import { describe, expect, expectTypeOf, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import type { Config, LogOutput, RunDefaults } from './config.js';
import { defineConfig, type Entitlement, type HlbConfig, type RunConfig } from './define-config.js';

describe('defineConfig', () => {
  test.each([
    ['hlb.config.ts', 'const platform: string = "linux/riscv64";'],
    ['hlb.config.mjs', 'const platform = "linux/riscv64";'],
    ['hlb.config.js', 'const platform = "linux/riscv64";'],
  ])('is there for %s, whether hlb is installed beside it or not', async (name, line) => {
    const text = `import { defineConfig } from 'hlb/config';\n${line}\nexport default defineConfig({ run: { platform } });\n`;
    const cwd = await folderWith({
      [name]: text,
      'package.json': '{ "type": "module" }',
      'build.hlb': 'fs default() {\n\timage "alpine"\n}\n',
    });
    const { code, stdout, stderr } = await cli(['dump', '--offline', '--stage', 'llb', '--json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('riscv64');
  });

  test('gives back what it was given', () => {
    const config: HlbConfig = { lint: { rules: { 'unpinned-image': 'error' } }, run: { jobs: 2 } };
    expect(defineConfig(config)).toBe(config);
  });

  test('knows each key that is read, with the values that it may have', () => {
    expectTypeOf<keyof RunConfig>().toEqualTypeOf<keyof RunDefaults>();
    expectTypeOf<keyof HlbConfig>().toEqualTypeOf<Exclude<keyof Config, 'path'>>();
    expectTypeOf<NonNullable<RunConfig['logOutput']>>().toEqualTypeOf<LogOutput>();
    const granted: readonly Entitlement[] = ['network.host', 'security.insecure'];
    expect(defineConfig({ run: { allow: granted } }).run?.allow).toBe(granted);
  });
});
