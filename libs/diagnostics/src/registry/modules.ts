import type { DiagnosticRow } from '../registry.js';

export const moduleRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0701',
    title: 'A module that can’t be read',
    explanation:
      'What an import names must be a file that can be read. A relative path starts from the directory of the module that has the import; in a module from elsewhere every path stays in what it was fetched with.',
    wrong: 'import kit from "absent/kit.hlb"\n\nfs default() {\n\tkit.base\n}\n',
  },
  {
    code: 'HLB0702',
    title: 'Not a place of a module',
    explanation:
      'A module is imported from a path, from `git://`, `git+https://` or `git+ssh://`, or from a file system with a `module.hlb` at its root. Git repositories are written `git://[USER@]HOST[:PORT]/PATH[@REF][:FILE]`.',
    wrong: 'import kit from "ftp://example.org/kit.hlb"\n\nfs default() {\n\tkit.base\n}\n',
  },
  {
    code: 'HLB0703',
    title: 'Modules that import each other',
    explanation:
      'Each module is read before what imports it, so imports can’t go round in a circle. Move what both need to a module of its own.',
  },
  {
    code: 'HLB0704',
    title: 'A module that can’t be built',
    explanation:
      'The file system of an import is built before the program can be compiled, and the engine could not do it, or what it built has no such file. The message is the engine’s.',
  },
  {
    code: 'HLB0705',
    title: 'A local in a module from elsewhere',
    explanation:
      'A module that was built, or fetched with git, is not beside files of this host, and must not choose which of them it sees: its locals are files of what it was taken from, relative to it. Of that nothing is known where the module was built with permissions that the program does not have, and it has no home directory. Give what it needs to its functions as an argument.',
  },
  {
    code: 'HLB0706',
    title: 'A module that is not here',
    explanation:
      'Without an engine a module that has to be built or fetched can’t be read. `hlb module vendor` keeps a copy of it beside the program, which is used from then on.',
  },
  {
    code: 'HLB0707',
    title: 'An import that was not checked',
    explanation:
      '`hlb check` builds nothing and runs no commands, so it leaves modules out that only these would give. What the program takes from them is checked when it is run.',
  },
];
