import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from '@hlb/lowering';
import { CommandError, usageError } from '../command-error.js';
import { passTemplate } from '../pass-template/files.js';
import { type Io, write } from '../process/io.js';

/** What npm takes for a package's name, as far as it makes a name of a pass too. */
const namePattern = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The longest name of a package, in characters: npm's limit. */
const longestName = 214;

/** `hlb passes new NAME`: a package with a pass, its test and a README, in a new folder here. */
export async function newPass(io: Io, name: string): Promise<number> {
  if (!namePattern.test(name) || name.length > longestName) {
    throw usageError(
      `${JSON.stringify(name)} is no name for a package with a pass`,
      'Use words of small letters and digits with - between them, such as pin-images or @acme/pin-images.',
    );
  }
  const passName = name.slice(name.indexOf('/') + 1);
  if (pipeline.some(({ pass }) => pass.name === passName)) {
    throw usageError(
      `${passName} is a pass of the project, and no two passes of a build have one name`,
      'Choose another name.',
    );
  }
  const folder = resolve(io.cwd, passName);
  await makeFolder(folder, passName);
  for (const [path, text] of passTemplate(name, passName)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  }
  await write(io.stdout, `${passName}/\n`);
  await write(io.stderr, `next: cd ${passName} && npm install && npm test\n`);
  return 0;
}

/** Makes a folder that is not there yet: what is there stays as it is. */
async function makeFolder(folder: string, shown: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw usageError(`${shown} is there already`, 'Choose another name, or go to another folder.');
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`cannot make the folder ${shown}: ${reason}`, { cause: error });
  }
}
