import { type Builtin, builtin, param, variadic } from './builtin.js';

const OWNER =
  'Sets owner and group, written `USER` or `USER:GROUP`, each as a name or a number. Names are looked up in the file system that is changed.';
const CREATED = 'Sets the time stamp, written as in RFC 3339: `2024-05-31T12:00:00Z`.';

/** What changes the state of an `fs`: its settings for later commands, and its files. */
export const fileBuiltins: readonly Builtin[] = [
  builtin(
    'fs',
    'env',
    [param('string', 'key'), param('string', 'value')],
    'Sets an environment variable for the commands that follow and for containers that are started from the result.',
  ),
  builtin(
    'fs',
    'dir',
    [param('string', 'path')],
    'Sets the working directory for what follows and for containers that are started from the result. A relative path starts at the working directory before it.',
  ),
  builtin(
    'fs',
    'user',
    [param('string', 'name')],
    'Sets the user of the commands that follow and of containers that are started from the result.',
  ),
  builtin(
    'fs',
    'mkdir',
    [param('string', 'path'), param('int', 'filemode')],
    'Makes a directory with these permission bits. The directory above it must exist unless `createParents` is given.',
    { options: 'option::mkdir' },
  ),
  builtin('option::mkdir', 'createParents', [], 'Makes the directories above it too, where they are missing.'),
  builtin('option::mkdir', 'chown', [param('string', 'owner')], OWNER),
  builtin('option::mkdir', 'createdTime', [param('string', 'created', 'time')], CREATED),
  builtin(
    'fs',
    'mkfile',
    [param('string', 'path'), param('int', 'filemode'), param('string', 'content')],
    'Makes a file with these permission bits and this content.',
    { options: 'option::mkfile' },
  ),
  builtin('option::mkfile', 'chown', [param('string', 'owner')], OWNER),
  builtin('option::mkfile', 'createdTime', [param('string', 'created', 'time')], CREATED),
  builtin(
    'fs',
    'rm',
    [param('string', 'path')],
    'Removes a file, or a directory with all that is in it. It is an error if nothing is there, unless `allowNotFound` is given.',
    { options: 'option::rm' },
  ),
  builtin('option::rm', 'allowNotFound', [], 'Does nothing, instead of failing, if nothing is at the path.'),
  builtin('option::rm', 'allowWildcard', [], 'Reads `*`, `?` and `[…]` in the path as wildcards.'),
  builtin(
    'fs',
    'copy',
    [param('fs', 'input'), param('string', 'src'), param('string', 'dst')],
    'Copies a file or a directory out of another file system. A relative `src` starts at the working directory of `input`, a relative `dst` at the working directory of the current file system.',
    { options: 'option::copy' },
  ),
  builtin(
    'option::copy',
    'followSymlinks',
    [],
    'Copies what a symbolic link at the source points to, instead of the link.',
  ),
  builtin(
    'option::copy',
    'contentsOnly',
    [],
    'Copies what is in the source directory, instead of the directory itself.',
  ),
  builtin('option::copy', 'unpack', [], 'Unpacks the source into the destination if it is an archive.'),
  builtin('option::copy', 'createDestPath', [], 'Makes the directories above the destination, where they are missing.'),
  builtin('option::copy', 'allowWildcard', [], 'Reads `*`, `?` and `[…]` in the source path as wildcards.'),
  builtin(
    'option::copy',
    'allowEmptyWildcard',
    [],
    'Copies nothing, instead of failing, if a wildcard matches nothing.',
  ),
  builtin('option::copy', 'chown', [param('string', 'owner')], OWNER),
  builtin('option::copy', 'chmod', [param('int', 'filemode')], 'Sets the permission bits of all that is copied.'),
  builtin('option::copy', 'createdTime', [param('string', 'created', 'time')], CREATED),
  builtin(
    'option::copy',
    'includePatterns',
    [variadic('string', 'pattern')],
    'Copies only what matches at least one of the patterns. The patterns of several calls add up.',
  ),
  builtin(
    'option::copy',
    'excludePatterns',
    [variadic('string', 'pattern')],
    'Leaves out what matches one of the patterns. The patterns of several calls add up.',
  ),
  builtin(
    'fs',
    'merge',
    [variadic('fs', 'inputs')],
    'Lays other file systems over the current one, each over those before it. At least one is needed.',
  ),
  builtin('fs', 'diff', [param('fs', 'base')], 'Keeps only what the current file system has changed against `base`.'),
];
