import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mountPoints } from './mounts.js';

/** Removes the control groups `name` and what is below them, in every hierarchy; those that still hold a process stay. */
export async function removeCgroups(name: string): Promise<void> {
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8');
  const hierarchies = mountinfo.split('\n').filter((line) => / - cgroup2? /.test(line));
  for (const root of mountPoints(hierarchies.join('\n'))) await removeTree(join(root, name));
}

/**
 * Makes room for containers in a container: where this system is itself one, its processes sit in what it sees as the root
 * of the control groups (version 2), and the kernel gives no controllers to the groups beside them. Moves them into a group
 * `init`, as Docker's own image for running Docker in Docker does. Elsewhere it does nothing.
 */
export async function nestCgroups(root = '/sys/fs/cgroup'): Promise<void> {
  const file = (name: string): string => join(root, name);
  // The true root has no `cgroup.type`; version 1 has no `cgroup.controllers`.
  const type = await readFile(file('cgroup.type'), 'utf8').catch(() => undefined);
  const controllers = await readFile(file('cgroup.controllers'), 'utf8').catch(() => undefined);
  if (type === undefined || controllers === undefined) return;
  const wanted = words(controllers);
  const enabled = words(await readFile(file('cgroup.subtree_control'), 'utf8').catch(() => ''));
  if (wanted.every((controller) => enabled.includes(controller))) return;
  await mkdir(file('init'), { recursive: true });
  // A process that has ended meanwhile can't be moved, and need not be.
  for (const pid of words(await readFile(file('cgroup.procs'), 'utf8').catch(() => '')))
    await writeFile(file('init/cgroup.procs'), pid).catch(() => undefined);
  // Not all controllers can be handed on everywhere; containers start without those that can't.
  for (const controller of wanted)
    await writeFile(file('cgroup.subtree_control'), `+${controller}`).catch(() => undefined);
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
