import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseOsRelease, readDistribution } from './distribution.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hlb-distribution-'));
  await mkdir(join(root, 'etc/apt/sources.list.d'), { recursive: true });
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function osRelease(text: string): Promise<void> {
  await writeFile(join(root, 'etc/os-release'), text);
}

test('reads both formats of sources, and none that are disabled by their name', async () => {
  await osRelease('ID=debian\nVERSION_CODENAME=bookworm\n');
  await writeFile(join(root, 'etc/apt/sources.list'), 'deb http://one.example/debian bookworm main\n');
  const folder = join(root, 'etc/apt/sources.list.d');
  await writeFile(join(folder, 'b.list'), 'deb http://two.example/debian bookworm main\n');
  await writeFile(
    join(folder, 'a.sources'),
    'Types: deb\nURIs: http://three.example\nSuites: bookworm\nComponents: main\n',
  );
  await writeFile(join(folder, 'c.list.save'), 'deb http://four.example/debian bookworm main\n');
  const { sources, family, codename } = await readDistribution(root);
  expect({ family, codename }).toEqual({ family: 'debian', codename: 'bookworm' });
  expect(sources.map(({ uri }) => uri)).toEqual([
    'http://one.example/debian',
    'http://three.example',
    'http://two.example/debian',
  ]);
});

test('leaves out sources of other architectures', async () => {
  await osRelease('ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\n');
  const stanzas = [
    'Types: deb\nURIs: http://archive.ubuntu.com/ubuntu\nSuites: noble\nComponents: main\nArchitectures: amd64 i386',
    'Types: deb\nURIs: http://ports.ubuntu.com/ubuntu-ports\nSuites: noble\nComponents: main\nArchitectures: arm64',
  ];
  await writeFile(join(root, 'etc/apt/sources.list.d/ubuntu.sources'), stanzas.join('\n\n'));
  const here = await readDistribution(root, 'arm64');
  expect(here.sources.map(({ uri }) => uri)).toEqual(['http://ports.ubuntu.com/ubuntu-ports']);
  expect((await readDistribution(root, 'x64')).architecture).toBe('amd64');
});

test('a system made from Ubuntu or Debian is of the release that it is made from', async () => {
  await osRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n');
  expect(await readDistribution(root)).toMatchObject({ family: 'ubuntu', codename: 'noble' });
  await osRelease('ID=linuxmint\nID_LIKE=debian\nVERSION_CODENAME=faye\nDEBIAN_CODENAME=bookworm\n');
  expect(await readDistribution(root)).toMatchObject({ family: 'debian', codename: 'bookworm' });
});

test('another system has no packages for an engine', async () => {
  await osRelease('ID=fedora\nPRETTY_NAME="Fedora Linux 42"\n');
  await expect(readDistribution(root)).rejects.toMatchObject({
    code: 'no-package-source',
    message: "A managed engine is made of Debian's or Ubuntu's packages, and this system is Fedora Linux 42.",
    help: expect.stringContaining('BUILDKIT_HOST'),
  });
});

test('os-release values may be quoted', () => {
  const fields = parseOsRelease('A=b\nC="d e"\nF=\'g\'\n#H=i\n');
  expect([...fields]).toEqual([
    ['A', 'b'],
    ['C', 'd e'],
    ['F', 'g'],
  ]);
});
