import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { EngineError, elsewhere, orElsewhere } from '../engine-error.js';
import { readDistribution } from '../packages/distribution.js';
import { defaultSuite, sourcesForSuite } from '../packages/suite.js';
import { commandPath, findExecutable } from './executable.js';

/** Capabilities that an engine needs, with their bits (capability.h). */
const neededCapabilities = [
  { name: 'CAP_NET_ADMIN', bit: 12n },
  { name: 'CAP_SYS_ADMIN', bit: 21n },
] as const;

/** Throws the `EngineError` that says why this machine can't run a managed engine; a few small reads, no package work. */
export async function checkHost(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (process.platform !== 'linux') throw new EngineError('not-linux', 'A managed engine needs Linux.', elsewhere);
  if (process.getuid?.() !== 0)
    throw new EngineError(
      'not-root',
      'A managed engine needs root, since it starts containers.',
      orElsewhere(`Run it as root`),
    );
  const missing = missingCapabilities(await read('/proc/self/status'));
  if (missing.length > 0)
    throw new EngineError(
      'no-privileges',
      `This system is a container without the right to start others (${missing.join(', ')} is missing).`,
      orElsewhere(`Start it with --privileged`),
    );
  await checkKernel();
  if (!(await findExecutable('apt-get', commandPath(env))))
    throw new EngineError(
      'no-apt',
      "A managed engine is made of Debian's or Ubuntu's packages, and this system has no apt.",
      elsewhere,
    );
  const distribution = await readDistribution();
  sourcesForSuite(distribution, defaultSuite(distribution));
}

/** The names of the needed capabilities that a process's status file (proc(5)) lacks. */
export function missingCapabilities(status: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return neededCapabilities.filter(({ bit }) => ((effective >> bit) & 1n) === 0n).map(({ name }) => name);
}

async function checkKernel(): Promise<void> {
  if (!/ cgroup2? /.test(await read('/proc/self/mounts')))
    throw new EngineError(
      'no-cgroups',
      'No control groups are mounted on this machine, and containers need them.',
      orElsewhere(`Mount them (\`mount -t cgroup2 none /sys/fs/cgroup\`)`),
    );
  const filesystems = await read('/proc/filesystems');
  if (/\boverlay$/m.test(filesystems)) return;
  const folder = `/lib/modules/${release()}`;
  const modules = (await read(`${folder}/modules.builtin`)) + (await read(`${folder}/modules.dep`));
  if (/\/overlay\.ko/.test(modules)) return;
  throw new EngineError(
    'no-overlay',
    "This machine's kernel has no overlay file system, which containers are stored in.",
    orElsewhere(`Load it (\`modprobe overlay\`)`),
  );
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
