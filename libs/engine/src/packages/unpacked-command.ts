import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';
import { findExecutable } from '../host/executable.js';
import { packageRoot, type RootRequest } from './package-root.js';

/** A command that an engine needs, and the package that it is taken from. */
interface CommandSource {
  readonly package: string;
  /** The program in the package, when it isn't called like the command. */
  readonly program?: string;
  /** The package that one would install on the system to have it there. */
  readonly systemPackage?: string;
}

/** The commands that can be unpacked beside an engine. */
export type UnpackableCommand = 'runc' | 'git' | 'nft' | 'ip';

const commands: Readonly<Record<UnpackableCommand, CommandSource>> = {
  runc: { package: 'runc' },
  git: { package: 'git' },
  nft: { package: 'nftables' },
  // busybox knows bridges and needs no libraries; iproute2 would bring ten packages.
  ip: { package: 'busybox-static', program: 'busybox', systemPackage: 'iproute2' },
};

/**
 * Unpacks a command that the system lacks, with the libraries that it lacks, and gives the path of a script that runs it with
 * them. The script lies in a folder of its own, fit for a PATH. `certificates` is for git, where the system has none.
 */
export async function unpackCommand(
  command: UnpackableCommand,
  fetch: Pick<RootRequest, 'packages' | 'signal' | 'onProgress'>,
  certificates?: string,
): Promise<string> {
  const source = commands[command];
  const finish = async (unpacked: string, root: string): Promise<void> => {
    const program = await programIn(unpacked, command, source);
    const lines = ['#!/bin/sh'];
    const libraries = await libraryFolders(unpacked);
    if (libraries.length > 0)
      lines.push(`export LD_LIBRARY_PATH=${libraries.map((folder) => quote(join(root, folder))).join(':')}`);
    if (command === 'git') {
      lines.push(`export GIT_EXEC_PATH=${quote(join(root, 'usr/lib/git-core'))}`);
      lines.push(`export GIT_TEMPLATE_DIR=${quote(join(root, 'usr/share/git-core/templates'))}`);
      if (certificates !== undefined) lines.push(`export GIT_SSL_CAINFO=${quote(certificates)}`);
    }
    lines.push(`exec ${quote(join(root, program))}${source.program === undefined ? '' : ` ${command}`} "$@"`);
    await mkdir(join(unpacked, 'wrapper'));
    await writeFile(join(unpacked, 'wrapper', command), `${lines.join('\n')}\n`, { mode: 0o755 });
  };
  const request = { name: command, suite: 'system', names: [source.package], withDependencies: true, finish };
  return join(await packageRoot({ ...fetch, ...request }), 'wrapper', command);
}

async function programIn(root: string, command: string, source: CommandSource): Promise<string> {
  for (const folder of ['usr/sbin', 'usr/bin', 'sbin', 'bin']) {
    const program = join(folder, source.program ?? command);
    if (await findExecutable(program, [root])) return program;
  }
  throw new EngineError(
    'no-package',
    `The package ${source.package} doesn't hold ${source.program ?? command}, or this system has it without the command.`,
    `Install it again: \`apt-get install --reinstall ${source.systemPackage ?? source.package}\`.`,
  );
}

/** The folders below a root that hold shared libraries: `usr/lib/x86_64-linux-gnu` and its like. */
async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const base of ['usr/lib', 'lib']) {
    const entries = await readdir(join(root, base), { withFileTypes: true }).catch(() => []);
    for (const entry of entries)
      if (entry.isDirectory() && entry.name.includes('-linux-')) folders.push(join(base, entry.name));
  }
  return folders;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
