import { type Builtin, builtin, param, variadic } from './builtin.js';

/** What an `fs` block can start from, each with its options. */
export const sourceBuiltins: readonly Builtin[] = [
  builtin(
    'fs',
    'scratch',
    [],
    'Starts from an empty file system. What the block has built before this line is dropped.',
  ),
  builtin(
    'fs',
    'image',
    [param('string', 'ref', 'image-reference')],
    'Starts from the root file system of a container image. The name is completed as Docker completes it (`alpine` means `docker.io/library/alpine:latest`). Environment, working directory, user, platform and the other settings of the image are taken over.',
    { options: 'option::image' },
  ),
  builtin(
    'option::image',
    'resolve',
    [],
    'Has no effect: the settings of an image are always looked up. It is accepted so that older programs keep working.',
  ),
  builtin(
    'option::image',
    'platform',
    [param('string', 'os'), param('string', 'arch')],
    'Picks one platform of an image that exists for several, by operating system and architecture in the naming of Go (`linux`, `arm64`). The file system that results has this platform too. The last call counts.',
  ),
  builtin(
    'fs',
    'http',
    [param('string', 'url', 'http-url')],
    'Starts from a file system that holds a single file, fetched from an `http` or `https` address.',
    { options: 'option::http' },
  ),
  builtin(
    'option::http',
    'checksum',
    [param('string', 'digest', 'digest')],
    'Fails the build unless the fetched file has this digest. A digest is written as algorithm, colon and hexadecimal digits, for example `sha256:` and 64 digits.',
  ),
  builtin(
    'option::http',
    'chmod',
    [param('int', 'filemode')],
    'Sets the permission bits of the fetched file. Only the lowest nine bits of the number are used; 0 means that they are not set.',
  ),
  builtin(
    'option::http',
    'filename',
    [param('string', 'name')],
    'Sets the name of the fetched file, which is otherwise the last part of the address.',
  ),
  builtin(
    'fs',
    'git',
    [param('string', 'remote'), param('string', 'ref')],
    'Starts from the files of a git repository at a branch, a tag or a commit. An empty `ref` means the branch that the remote names as its default. The `.git` directory is left out unless `keepGitDir` is given.',
    { options: 'option::git' },
  ),
  builtin('option::git', 'keepGitDir', [], 'Keeps the `.git` directory among the files.'),
  builtin(
    'fs',
    'local',
    [param('string', 'path')],
    'Starts from a directory or a single file of the host, which is sent to the engine when it is needed. A relative path starts at the directory of the module that contains the call, and `~` is the home directory. Every file belongs to user 0 and group 0.',
    { options: 'option::local' },
  ),
  builtin(
    'option::local',
    'includePatterns',
    [variadic('string', 'pattern')],
    'Sends only the files that match at least one of the patterns. A later call replaces the patterns of an earlier one. It has no effect when the path is a single file.',
  ),
  builtin(
    'option::local',
    'excludePatterns',
    [variadic('string', 'pattern')],
    'Leaves out the files that match one of the patterns. A later call replaces the patterns of an earlier one. It has no effect when the path is a single file.',
  ),
  builtin(
    'fs',
    'frontend',
    [param('string', 'source', 'image-reference')],
    'Hands the work to a BuildKit frontend, such as `docker/dockerfile`, and starts from the file system and the image settings that it returns.',
    { options: 'option::frontend' },
  ),
  builtin(
    'option::frontend',
    'input',
    [param('string', 'key'), param('fs', 'value')],
    'Gives the frontend a file system under the name `key`. The Dockerfile frontend, for one, reads the inputs `context` and `dockerfile`.',
  ),
  builtin(
    'option::frontend',
    'opt',
    [param('string', 'key'), param('string', 'value')],
    'Gives the frontend a setting under the name `key`. If a key is given twice, the later value counts.',
  ),
];
