import type { DiagnosticRow } from '../registry.js';

export const runRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0801',
    title: 'A command failed',
    explanation:
      'A `run` ended with an exit code other than 0. The excerpt shows the call, the notes the end of what it wrote. Codes above 128 stand for a signal: 137 is SIGKILL, often for using too much memory; 127 means that the command was not found, 126 that it can not be executed.',
    wrong: 'fs default() {\n\timage "busybox"\n\trun "exit 3"\n}\n',
    right: 'fs default() {\n\timage "busybox"\n\trun "exit 0"\n}\n',
  },
  {
    code: 'HLB0802',
    title: 'The engine could not build it',
    explanation:
      'Something that is no command failed on the engine: an image or a repository that is not there, a `copy` from a path that does not exist, a registry that wants a login. Paths are those of the file system that is read, not of this machine.',
    wrong: 'fs default() {\n\tscratch\n\tcopy scratch "/missing" "/a"\n}\n',
    right: 'fs default() {\n\tscratch\n\tcopy fs { scratch; mkfile "/there" 0o644 "x" } "/there" "/a"\n}\n',
  },
  {
    code: 'HLB0803',
    title: 'The connection to the engine was lost',
    explanation:
      'The engine ended or was restarted, or the network to it broke, while the build ran; or the engine gave up the session because this process did not answer its health checks. Outputs that were not complete are gone; what was built is in the cache of the engine, if that still stands.',
  },
  {
    code: 'HLB0804',
    title: 'An output could not be written',
    explanation:
      'The destination of a `download…` can not take what the engine sends: it is a file where a folder is wanted, may not be written, lies on a full disk, or the output holds names that this file system can not have. Nothing half-written is left.',
  },
  {
    code: 'HLB0805',
    title: 'A local directory could not be read',
    explanation:
      'A `local` of the program is missing, may not be read, or changed while it was sent. Leave out what the build does not need with `excludePatterns`.',
    wrong: 'fs default() {\n\tlocal "./missing"\n}\n',
    right: 'fs default() {\n\tlocal "."\n}\n',
  },
  {
    code: 'HLB0806',
    title: 'Not supported by this engine',
    explanation:
      'The program asks for something that this engine can not do. The message names the version of BuildKit, or the setting of Docker, that brings it.',
  },
  {
    code: 'HLB0807',
    title: 'Cancelled',
    explanation:
      'The build was interrupted. The engine stops what ran for it alone; what was built until then stays in its cache.',
  },
];
