import { describe, expect, test } from 'vitest';
import {
  formatPlatform,
  hostPlatform,
  InvalidPlatformError,
  normalizePlatform,
  parsePlatform,
  samePlatform,
} from './platform.js';

test.each([
  ['linux/amd64', 'linux/amd64'],
  ['Linux/x86_64', 'linux/amd64'],
  ['linux/x86-64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['linux/i386', 'linux/386'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/arm64/v8.0', 'linux/arm64'],
  ['linux/arm64/v9.0', 'linux/arm64/v9'],
  ['linux/arm64/9', 'linux/arm64/v9'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/7', 'linux/arm/v7'],
  ['linux/arm/6', 'linux/arm/v6'],
  ['linux/arm/v5', 'linux/arm/v5'],
  ['linux/armhf', 'linux/arm/v7'],
  ['linux/armel', 'linux/arm/v6'],
  ['macOS/arm64', 'darwin/arm64'],
  ['windows(10.0.17763+win32k)/amd64', 'windows(10.0.17763+win32k)/amd64'],
  ['linux/riscv64', 'linux/riscv64'],
])('%s is %s', (text, normal) => {
  const platform = parsePlatform(text);
  expect(formatPlatform(platform)).toBe(normal);
  expect(parsePlatform(normal)).toEqual(platform);
});

test('the parts', () => {
  expect(parsePlatform('windows(10.0.17763+win32k)/amd64')).toEqual({
    os: 'windows',
    architecture: 'amd64',
    osVersion: '10.0.17763',
    osFeatures: ['win32k'],
  });
  expect(parsePlatform('linux/amd64')).toEqual({ os: 'linux', architecture: 'amd64' });
});

test.each(['', 'linux', 'linux/', '/amd64', 'linux/amd64/v1/x', 'linux amd64', 'linux/amd64\n', 'linux(/amd64'])(
  '%j is none',
  (text) => {
    expect(() => parsePlatform(text)).toThrow(InvalidPlatformError);
  },
);

describe('the host', () => {
  test('is normalised', () => {
    expect(normalizePlatform(hostPlatform())).toEqual(hostPlatform());
    expect(parsePlatform(formatPlatform(hostPlatform()))).toEqual(hostPlatform());
  });

  test('lends its system to a platform without one', () => {
    expect(normalizePlatform({ os: '', architecture: 'amd64' }).os).toBe(hostPlatform().os);
  });
});

test('platforms that are written in different ways are not the same until normalised', () => {
  const [a, b] = [
    { os: 'linux', architecture: 'arm64' },
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
  ];
  expect(samePlatform(a, b)).toBe(false);
  expect(samePlatform(a, normalizePlatform(b))).toBe(true);
});
