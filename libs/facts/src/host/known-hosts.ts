import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where OpenSSH looks for keys of hosts besides the user's own files. */
const SYSTEM_FILES = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

/** The lines of the known_hosts files, the user's first, that speak of a host; none where no line has a key that may be trusted. */
export async function knownHosts(
  host: string,
  home: string,
  system: readonly string[] = SYSTEM_FILES,
): Promise<readonly string[]> {
  const own = ['known_hosts', 'known_hosts2'].map((name) => join(home, '.ssh', name));
  const texts = await Promise.all([...own, ...system].map((path) => readFile(path, 'utf8').catch(() => '')));
  return linesOf(texts.join('\n'), host);
}

/**
 * The lines of a text in the manner of known_hosts that speak of a host.
 *
 * @param host as in a URL: `example.com`, `example.com:2222`, `[::1]:22`
 */
export function linesOf(text: string, host: string): readonly string[] {
  const { name, port } = hostAndPort(host);
  const lines = text.split(/\r?\n/).flatMap((line) => parsedLine(line) ?? []);
  const about = (wanted: string): readonly string[] => {
    const found = lines.filter(({ hosts }) => speaksOf(hosts, wanted));
    return found.some(({ marker }) => marker !== '@revoked') ? found.map(({ line }) => line) : [];
  };
  if (port === '22') return about(name);
  // As ssh does: a key that is known for the host without a port will do.
  const exact = about(`[${name}]:${port}`);
  return exact.length > 0 ? exact : about(name);
}

function hostAndPort(host: string): { readonly name: string; readonly port: string } {
  const groups = /^(?:\[(?<inner>[^\]]*)\]|(?<plain>[^:]*))(?::(?<port>\d*))?$/.exec(host)?.groups;
  const port = groups?.['port'] ?? '';
  return { name: (groups?.['inner'] ?? groups?.['plain'] ?? host).toLowerCase(), port: port === '' ? '22' : port };
}

interface KnownLine {
  readonly line: string;
  /** `@revoked`, `@cert-authority`; empty for none. */
  readonly marker: string;
  readonly hosts: string;
}

/** `[MARKER ]HOSTS TYPE KEY[ COMMENT]`; nothing else is a line. */
function parsedLine(written: string): KnownLine | undefined {
  const line = written.trim();
  if (line.startsWith('#')) return undefined;
  const groups = /^(?:(?<marker>@\S+)\s+)?(?<hosts>[^\s@]\S*)\s+\S+\s+\S+/.exec(line)?.groups;
  return groups === undefined ? undefined : { line, marker: groups['marker'] ?? '', hosts: groups['hosts'] ?? '' };
}

/** A hashed name stands alone; of others there may be several, with `*` and `?`, and `!` before those that are left out. */
function speaksOf(hosts: string, wanted: string): boolean {
  const hashed = /^\|1\|(?<salt>[^|]+)\|(?<hash>[^|]+)$/.exec(hosts)?.groups;
  if (hashed !== undefined) {
    const salt = Buffer.from(hashed['salt'] ?? '', 'base64');
    return createHmac('sha1', salt).update(wanted).digest('base64') === hashed['hash'];
  }
  let taken = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    const negative = pattern.startsWith('!');
    if (!matches(negative ? pattern.slice(1) : pattern, wanted)) continue;
    if (negative) return false;
    taken = true;
  }
  return taken;
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+(){}[\]]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
