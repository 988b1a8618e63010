import { type Builtin, builtin, param, variadic } from './builtin.js';

/** Texts that are made or looked up while a program is compiled. */
export const stringBuiltins: readonly Builtin[] = [
  builtin(
    'string',
    'format',
    [param('string', 'formatString'), variadic('string', 'values')],
    'Puts the values into the format string, in the way of `Sprintf` in Go. Every value is a text, so `%s`, `%q` and `%x` are the useful verbs.',
  ),
  builtin(
    'string',
    'localArch',
    [],
    'Gives the architecture of the host in the naming of Go, such as `amd64` or `arm64`.',
  ),
  builtin('string', 'localCwd', [], 'Gives the directory in which the compiler was started.'),
  builtin(
    'string',
    'localEnv',
    [param('string', 'key')],
    'Gives the value of an environment variable of the host, or an empty text if it is not set.',
  ),
  builtin(
    'string',
    'localOs',
    [],
    'Gives the operating system of the host in the naming of Go, such as `linux` or `darwin`.',
  ),
  builtin(
    'string',
    'localRun',
    [param('string', 'command'), variadic('string', 'args')],
    'Executes a command on the host, in the directory of the module, and gives what it prints without the newlines at the end. A single argument is a line for `/bin/sh -c`; several are executed as they are.',
    { options: 'option::localRun' },
  ),
  builtin(
    'option::localRun',
    'ignoreError',
    [],
    'Goes on with what was printed if the command fails, instead of ending the build.',
  ),
  builtin('option::localRun', 'includeStderr', [], 'Gives what the command prints to standard error too.'),
  builtin(
    'option::localRun',
    'onlyStderr',
    [],
    'Gives what the command prints to standard error, instead of standard output.',
  ),
  builtin(
    'option::localRun',
    'shlex',
    [],
    'Splits the single argument into words by the quoting rules of a shell and executes the words without a shell.',
  ),
  builtin(
    'string',
    'manifest',
    [param('string', 'ref', 'image-reference')],
    'Gives the manifest of an image as its registry has it, a JSON text. Its effects, bound with `as`, are the `digest` of what the name stands for, the `config` of the image, and the `index` of all its platforms.',
    {
      options: 'option::manifest',
      effects: [
        { name: 'digest', type: 'string' },
        { name: 'config', type: 'string' },
        { name: 'index', type: 'string' },
      ],
    },
  ),
  builtin(
    'option::manifest',
    'platform',
    [param('string', 'os'), param('string', 'arch')],
    'Picks one platform of an image that exists for several, by operating system and architecture in the naming of Go.',
  ),
  builtin(
    'string',
    'template',
    [param('string', 'text')],
    'Fills in a template in the language of `text/template` of Go. Its data are the fields that the options give: `{{.name}}`.',
    { options: 'option::template' },
  ),
  builtin(
    'option::template',
    'stringField',
    [param('string', 'name'), param('string', 'value')],
    'Gives the template a field of this name. If a name is given twice, the later value counts.',
  ),
];
