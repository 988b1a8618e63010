/** What is behind an engine's or a command's words, where it is one of the things that often go wrong. */
export type FailureCause =
  /** A directory that this host does not serve in the build's session. */
  | { readonly kind: 'local-not-served'; readonly name?: string }
  | { readonly kind: 'login-wanted'; readonly registry?: string; readonly image?: string }
  | { readonly kind: 'image-missing'; readonly image: string }
  | { readonly kind: 'platform-missing' }
  /** A path that is not in the file system which is read. */
  | { readonly kind: 'path-missing'; readonly path: string }
  | { readonly kind: 'host-unknown'; readonly host: string }
  | { readonly kind: 'host-unreachable'; readonly address: string; readonly why: string }
  | { readonly kind: 'certificate-unknown' }
  | { readonly kind: 'plain-http' }
  | { readonly kind: 'too-many-requests' }
  | { readonly kind: 'http-status'; readonly status: number }
  | { readonly kind: 'checksum-differs'; readonly got: string; readonly wanted: string }
  | { readonly kind: 'git-login-wanted' }
  | { readonly kind: 'git-ref-missing'; readonly ref: string }
  | { readonly kind: 'disk-full' }
  /** A request is larger than the engine takes; sizes in bytes. */
  | { readonly kind: 'request-too-big'; readonly size: number; readonly limit: number }
  | { readonly kind: 'memory-short' }
  | { readonly kind: 'capability-missing'; readonly capability: string; readonly why?: string }
  | { readonly kind: 'entitlement-refused'; readonly entitlement: string }
  | { readonly kind: 'secret-missing'; readonly id: string }
  | { readonly kind: 'agent-missing' }
  | { readonly kind: 'user-missing'; readonly user: string }
  /** The program that a command starts with is not there. */
  | { readonly kind: 'program-missing'; readonly program: string }
  | { readonly kind: 'program-not-executable'; readonly program: string }
  /** The program is for another processor, or a script that does not say what runs it. */
  | { readonly kind: 'program-format' }
  | { readonly kind: 'directory-impossible'; readonly path: string }
  | { readonly kind: 'read-only' }
  /** It was ended because something else ended. */
  | { readonly kind: 'cancelled-with-others' };

interface Row {
  /** Where such words stand: in the engine's error, or also in what the command wrote. */
  readonly in: 'error' | 'log' | 'both';
  readonly pattern: RegExp;
  readonly cause: (match: readonly (string | undefined)[]) => FailureCause;
}

/** Words of engines, runtimes and git, the particular before the general. */
const ROWS: readonly Row[] = [
  {
    in: 'error',
    pattern: /no access allowed to dir "([^"]*)"/,
    cause: ([, name = '']) => ({ kind: 'local-not-served', name }),
  },
  { in: 'error', pattern: /no local sources enabled/, cause: () => ({ kind: 'local-not-served' }) },
  {
    in: 'error',
    pattern: /pull access denied(?: for ([^\s,]+))?/,
    cause: ([, image]) => ({ kind: 'login-wanted', ...(image === undefined ? {} : { image }) }),
  },
  {
    in: 'error',
    pattern: /fatal: (?:could not read Username|Authentication failed)|Permission denied \(publickey/,
    cause: () => ({ kind: 'git-login-wanted' }),
  },
  {
    in: 'error',
    pattern: /(?:couldn't|could not) find remote ref ([^\s\u240a]+)|repository does not contain ref ([^\s,]+)/,
    cause: ([, first, second]) => ({ kind: 'git-ref-missing', ref: first ?? second ?? '' }),
  },
  { in: 'error', pattern: /toomanyrequests|429 Too Many Requests/i, cause: () => ({ kind: 'too-many-requests' }) },
  {
    in: 'error',
    pattern: /cannot get a token for (\S+): the token server \S+ answered \w+ with status 40[13]$/,
    cause: ([, registry]) => ({ kind: 'login-wanted', ...(registry === undefined ? {} : { registry }) }),
  },
  {
    in: 'error',
    pattern: /401 Unauthorized|403 Forbidden|insufficient_scope|no basic auth credentials|authorization failed/i,
    cause: () => ({ kind: 'login-wanted' }),
  },
  { in: 'error', pattern: /no match for platform/, cause: () => ({ kind: 'platform-missing' }) },
  {
    in: 'both',
    pattern: /lookup (\S+?)(?: on \S+)?: (?:no such host|server misbehaving|Temporary failure|i\/o timeout)/,
    cause: ([, host = '']) => ({ kind: 'host-unknown', host }),
  },
  {
    in: 'both',
    pattern: /[Cc]ould not resolve host(?:name)?:? ['"]?([^\s'"\u240a:]+)|bad address '([^']+)'/,
    cause: ([, first, second]) => ({ kind: 'host-unknown', host: first ?? second ?? '' }),
  },
  {
    in: 'error',
    pattern: /dial tcp (\S+): (?:connect: )?(connection refused|no route to host|network is unreachable|i\/o timeout)/,
    cause: ([, address = '', why = '']) => ({ kind: 'host-unreachable', address, why }),
  },
  { in: 'error', pattern: /x509: /, cause: () => ({ kind: 'certificate-unknown' }) },
  { in: 'error', pattern: /server gave HTTP response to HTTPS client/, cause: () => ({ kind: 'plain-http' }) },
  {
    in: 'error',
    pattern: /invalid response status (\d+)/,
    cause: ([, status]) => ({ kind: 'http-status', status: Number(status) }),
  },
  {
    in: 'error',
    pattern: /digest mismatch (\S+): (\S+)/,
    cause: ([, got = '', wanted = '']) => ({ kind: 'checksum-differs', got, wanted }),
  },
  {
    in: 'error',
    pattern: /received message (?:after decompression )?larger than max \((\d+) vs\. (\d+)\)/,
    cause: ([, size, limit]) => ({ kind: 'request-too-big', size: Number(size), limit: Number(limit) }),
  },
  { in: 'both', pattern: /no space left on device/i, cause: () => ({ kind: 'disk-full' }) },
  {
    in: 'both',
    pattern: /[Cc]annot allocate memory|[Oo]ut of memory|JavaScript heap out of memory/,
    cause: () => ({ kind: 'memory-short' }),
  },
  {
    in: 'error',
    pattern: /unknown API capability (\S+)/,
    cause: ([, capability = '']) => ({ kind: 'capability-missing', capability }),
  },
  {
    in: 'error',
    pattern:
      /requested (?:experimental )?feature (\S+)(?: \([^)]*\))? +(?:is not supported by build server|has been disabled on the build server)(?:: (.+))?/,
    cause: ([, capability = '', why]) => ({
      kind: 'capability-missing',
      capability,
      ...(why === undefined ? {} : { why }),
    }),
  },
  {
    in: 'error',
    pattern: /(?:granting entitlement )?((?:security|network|device)[\w.]*) is not allowed/,
    cause: ([, entitlement = '']) => ({ kind: 'entitlement-refused', entitlement }),
  },
  {
    in: 'error',
    pattern: /secret (\S+?): not found/,
    cause: ([, id = '']) => ({ kind: 'secret-missing', id }),
  },
  {
    in: 'error',
    pattern: /unset ssh forward key|no SSH key "[^"]*" forwarded/,
    cause: () => ({ kind: 'agent-missing' }),
  },
  {
    in: 'both',
    pattern: /unable to find user ([^\s:]+)/,
    cause: ([, user = '']) => ({ kind: 'user-missing', user }),
  },
  { in: 'both', pattern: /exec format error/i, cause: () => ({ kind: 'program-format' }) },
  {
    in: 'both',
    pattern: /exec: "([^"]+)": (?:stat \S+: no such file or directory|executable file not found)/,
    cause: ([, program = '']) => ({ kind: 'program-missing', program }),
  },
  {
    in: 'both',
    pattern: /exec: "([^"]+)": (?:permission denied|is a directory)/,
    cause: ([, program = '']) => ({ kind: 'program-not-executable', program }),
  },
  {
    in: 'both',
    pattern: /container init: mkdir (\S+): not a directory/,
    cause: ([, path = '']) => ({ kind: 'directory-impossible', path }),
  },
  { in: 'log', pattern: /Read-only file system/i, cause: () => ({ kind: 'read-only' }) },
  {
    in: 'error',
    pattern: /(?:failed to calculate checksum of ref \S+: )"([^"]+)": not found/,
    cause: ([, path = '']) => ({ kind: 'path-missing', path }),
  },
  {
    in: 'error',
    pattern: /l?stat \S*?\/(?:buildkit-mount\d+|buildkit\d+)(\/\S*): no such file or directory/,
    cause: ([, path = '']) => ({ kind: 'path-missing', path }),
  },
  {
    in: 'error',
    pattern: /(?:^|\s)([\w.-]+(?::\d+)?\/[\w./-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?): not found/,
    cause: ([, image = '']) => ({ kind: 'image-missing', image }),
  },
  { in: 'error', pattern: /context cancell?ed/, cause: () => ({ kind: 'cancelled-with-others' }) },
];

/**
 * What an engine's error is about, and what the end of a failed command's log tells; `undefined` where neither says anything known.
 * @param log the last lines that the command wrote, if it was a command
 */
export function failureCause(message: string, log: string = ''): FailureCause | undefined {
  for (const row of ROWS) {
    const match =
      (row.in === 'log' ? null : row.pattern.exec(message)) ??
      (row.in === 'error' ? null : lastMatch(row.pattern, log));
    if (match !== null) return row.cause(match);
  }
  return undefined;
}

/** A log tells the cause at its end. */
function lastMatch(pattern: RegExp, log: string): RegExpExecArray | null {
  for (const line of log.split('\n').reverse()) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return null;
}
