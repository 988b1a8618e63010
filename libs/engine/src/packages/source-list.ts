/** One binary package source of apt: a URI and a suite, and the options that say how it is verified. */
export interface PackageSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** The architectures that it is limited to, by dpkg's names. */
  readonly architectures?: readonly string[] | undefined;
  /** A keyring's absolute path, key fingerprints, or (deb822) the text of a key. */
  readonly signedBy?: string | undefined;
  readonly trusted?: boolean | undefined;
}

/**
 * Reads apt's one-line format (`*.list`, sources.list(5)): `deb [option=value …] uri suite component…`, one a line.
 * Sources of source packages and lines that can't be understood are left out.
 */
export function parseSourceLines(text: string): PackageSource[] {
  const sources: PackageSource[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?([^\s#]+)\s+([^\s#]+)([^#]*)/.exec(line);
    if (!match) continue;
    const [, optionText = '', uri = '', suite = '', components = ''] = match;
    const options = new Map<string, string>();
    for (const option of words(optionText)) {
      const [name = '', ...value] = option.split('=');
      // The one-line names of options are those of deb822 but for the plural; lists are parted by commas.
      const list = name.toLowerCase() === 'arch';
      options.set(
        list ? 'architectures' : name.toLowerCase(),
        list ? value.join('=').replaceAll(',', ' ') : value.join('='),
      );
    }
    sources.push(source(uri, suite, words(components), options));
  }
  return sources;
}

/**
 * Reads apt's deb822 format (`*.sources`): stanzas of fields, where one stanza may name several URIs and suites.
 * Disabled stanzas and those of source packages are left out.
 */
export function parseSourceStanzas(text: string): PackageSource[] {
  const sources: PackageSource[] = [];
  for (const fields of stanzas(text)) {
    if (!words(fields.get('types') ?? '').includes('deb') || isNo(fields.get('enabled'))) continue;
    for (const uri of words(fields.get('uris') ?? ''))
      for (const suite of words(fields.get('suites') ?? ''))
        sources.push(source(uri, suite, words(fields.get('components') ?? ''), fields));
  }
  return sources;
}

/** Writes a source in the deb822 format, which alone can hold every kind of `Signed-By`. */
export function printSource(source: PackageSource, architecture: string): string {
  const lines = ['Types: deb', `URIs: ${source.uri}`, `Suites: ${source.suite}`];
  if (source.components.length > 0) lines.push(`Components: ${source.components.join(' ')}`);
  lines.push(`Architectures: ${architecture}`);
  if (source.signedBy !== undefined) lines.push(`Signed-By: ${source.signedBy.replaceAll('\n', '\n ')}`);
  if (source.trusted !== undefined) lines.push(`Trusted: ${source.trusted ? 'yes' : 'no'}`);
  return `${lines.join('\n')}\n`;
}

/** The options of a source, by their deb822 names in lower case. */
function source(
  uri: string,
  suite: string,
  components: readonly string[],
  options: ReadonlyMap<string, string>,
): PackageSource {
  const signedBy = options.get('signed-by');
  const trusted = options.get('trusted');
  const architectures = words(options.get('architectures') ?? '');
  return {
    uri,
    suite,
    components,
    ...(architectures.length > 0 ? { architectures } : {}),
    ...(signedBy ? { signedBy } : {}),
    ...(trusted === undefined ? {} : { trusted: trusted.trim().toLowerCase() === 'yes' }),
  };
}

/** The fields of each stanza, names in lower case; a continued line keeps its text after the one blank it starts with. */
function* stanzas(text: string): Generator<ReadonlyMap<string, string>> {
  let fields = new Map<string, string>();
  let last = '';
  for (const line of [...text.split(/\r?\n/), '']) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') {
      if (fields.size > 0) yield fields;
      fields = new Map();
      continue;
    }
    const field = /^([^\s:]+):\s*(.*)$/.exec(line);
    if (field) {
      last = (field[1] ?? '').toLowerCase();
      fields.set(last, (field[2] ?? '').trim());
    } else if (/^[ \t]/.test(line)) fields.set(last, `${fields.get(last) ?? ''}\n${line.slice(1).trimEnd()}`);
  }
}

function isNo(value: string | undefined): boolean {
  return value !== undefined && /^(no|false|0|off|without|disable)$/i.test(value.trim());
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
