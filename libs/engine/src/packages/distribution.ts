import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, elsewhere } from '../engine-error.js';
import { type PackageSource, parseSourceLines, parseSourceStanzas } from './source-list.js';

/** The system whose packages the engine is made of. */
export interface Distribution {
  readonly family: 'debian' | 'ubuntu';
  /** The release's name in package sources: `bookworm`, `noble`. Empty when the system doesn't say. */
  readonly codename: string;
  /** dpkg's name of the machine: `amd64`. */
  readonly architecture: string;
  /** The binary package sources that the system has set up, for its architecture. */
  readonly sources: readonly PackageSource[];
}

/** dpkg's names of architectures by Node's, where they differ (32-bit ARM: Node has none for anything but hard floats). */
const dpkgArchitectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: 'i386',
  arm: 'armhf',
  ppc64: 'ppc64el',
};

/** Reads what the system is and where its packages come from; a few small files. `root` is `/` but for tests. */
export async function readDistribution(root = '/', nodeArchitecture: string = process.arch): Promise<Distribution> {
  const release = parseOsRelease(await readFile(join(root, 'etc/os-release'), 'utf8').catch(() => ''));
  const like = `${release.get('ID') ?? ''} ${release.get('ID_LIKE') ?? ''}`.split(' ');
  const family = like.includes('ubuntu') ? 'ubuntu' : like.includes('debian') ? 'debian' : undefined;
  if (family === undefined)
    throw new EngineError(
      'no-package-source',
      `A managed engine is made of Debian's or Ubuntu's packages, and this system is ${release.get('PRETTY_NAME') ?? 'neither'}.`,
      elsewhere,
    );
  const architecture = dpkgArchitectures[nodeArchitecture] ?? nodeArchitecture;
  const sources = (await readSources(root)).filter(
    ({ architectures }) => architectures === undefined || architectures.includes(architecture),
  );
  const codename = release.get(`${family.toUpperCase()}_CODENAME`) ?? release.get('VERSION_CODENAME') ?? '';
  return { family, codename, architecture, sources };
}

/** The fields of /etc/os-release (os-release(5)), without their quotes. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))\s*$/.exec(line);
    if (match) fields.set(match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? '');
  }
  return fields;
}

async function readSources(root: string): Promise<PackageSource[]> {
  const folder = join(root, 'etc/apt/sources.list.d');
  const names = (await readdir(folder).catch(() => [])).sort();
  const files = [join(root, 'etc/apt/sources.list'), ...names.map((name) => join(folder, name))];
  const sources: PackageSource[] = [];
  for (const file of files) {
    if (!/\.(list|sources)$/.test(file)) continue;
    const text = await readFile(file, 'utf8').catch(() => '');
    sources.push(...(file.endsWith('.sources') ? parseSourceStanzas(text) : parseSourceLines(text)));
  }
  return sources;
}
