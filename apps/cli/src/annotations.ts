import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '@hlb/diagnostics';
import type { Io } from './process/io.js';

/**
 * Diagnostics as annotations of a workflow's run on GitHub. Files are named as GitHub finds them: relative to the root of the
 * repository (`GITHUB_WORKSPACE`), wherever below it the command runs.
 */
export async function annotations(io: Io, diagnostics: readonly Diagnostic[]): Promise<string> {
  const { diagnosticsToGithub } = await import('@hlb/diagnostics');
  return diagnosticsToGithub(diagnostics, (name) => inRepository(io, name));
}

function inRepository({ cwd, env }: Io, name: string): string {
  const root = env.GITHUB_WORKSPACE;
  if (root === undefined || root === '') return name;
  const path = relative(root, resolve(cwd, name));
  return path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
    ? name
    : path.replaceAll(sep, '/');
}
