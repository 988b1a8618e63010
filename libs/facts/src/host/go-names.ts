import { endianness } from 'node:os';

const systems: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  mipsel: 'mipsle',
  ppc64: endianness() === 'LE' ? 'ppc64le' : 'ppc64',
};

/** An operating system of Node's `process.platform` as Go names it. */
export function goOs(platform: string): string {
  return systems[platform] ?? platform;
}

/** An architecture of Node's `process.arch` as Go names it. */
export function goArch(arch: string): string {
  return architectures[arch] ?? arch;
}
