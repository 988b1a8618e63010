/** What counts about an installed package when others are added to it. */
const keptFields = ['package', 'status', 'architecture', 'multi-arch', 'essential', 'version', 'provides'];

/**
 * dpkg's status file, reduced to what is installed in which version. What the installed packages need of each other is left
 * out: nothing is being installed here, so whatever is amiss among them must not keep apt from working out what is missing.
 */
export function installedPackages(status: string): string {
  const lines: string[] = [];
  let kept = false;
  for (const line of status.split('\n')) {
    if (!/^[ \t]/.test(line)) kept = line === '' || keptFields.includes(line.slice(0, line.indexOf(':')).toLowerCase());
    if (kept) lines.push(line);
  }
  return lines.join('\n');
}
