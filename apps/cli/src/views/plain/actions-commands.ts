/** Whether this runs as a step of a workflow of GitHub Actions. */
export function onGithubActions(env: NodeJS.ProcessEnv): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/**
 * Text that the runner of GitHub Actions shows and doesn't obey: it takes `::…` at the start of a line and `##[…` anywhere for
 * commands, wherever they come from.
 */
export function harmless(text: string): string {
  if (!text.includes('::') && !text.includes('##[')) return text;
  return text
    .replaceAll('##[', '## [')
    .split('\n')
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1: '))
    .join('\n');
}
