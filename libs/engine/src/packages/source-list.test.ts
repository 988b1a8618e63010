import { describe, expect, test } from 'vitest';
import { parseSourceLines, parseSourceStanzas, printSource } from './source-list.js';

describe('the one-line format', () => {
  test('reads options, components and comments', () => {
    const text = [
      '# deb http://deb.debian.org/debian buster main',
      'deb http://deb.debian.org/debian bookworm main contrib # the release',
      'deb-src http://deb.debian.org/debian bookworm main',
      '  deb [ arch=amd64,arm64 signed-by=/usr/share/keyrings/x.gpg trusted=yes ] https://example.org/debian bookworm main',
      'deb http://example.org/flat ./',
      'nonsense',
      '',
    ].join('\n');
    expect(parseSourceLines(text)).toEqual([
      { uri: 'http://deb.debian.org/debian', suite: 'bookworm', components: ['main', 'contrib'] },
      {
        uri: 'https://example.org/debian',
        suite: 'bookworm',
        components: ['main'],
        architectures: ['amd64', 'arm64'],
        signedBy: '/usr/share/keyrings/x.gpg',
        trusted: true,
      },
      { uri: 'http://example.org/flat', suite: './', components: [] },
    ]);
  });
});

describe('the deb822 format', () => {
  test('one stanza may name several URIs and suites', () => {
    const text = [
      'Types: deb deb-src',
      '# a comment inside of a stanza',
      'URIs: http://a.example/debian http://b.example/debian',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
    ].join('\n');
    const found = parseSourceStanzas(text);
    expect(found.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      'http://a.example/debian bookworm',
      'http://a.example/debian bookworm-updates',
      'http://b.example/debian bookworm',
      'http://b.example/debian bookworm-updates',
    ]);
    expect(new Set(found.map(({ signedBy }) => signedBy))).toEqual(
      new Set(['/usr/share/keyrings/debian-archive-keyring.gpg']),
    );
  });

  test('stanzas that are disabled or of source packages are left out', () => {
    const text = [
      'Enabled: no\nTypes: deb\nURIs: http://a.example\nSuites: noble\nComponents: main',
      'Types: deb-src\nURIs: http://b.example\nSuites: noble\nComponents: main',
      'Enabled: yes\nTypes: deb\nURIs: http://c.example\nSuites: noble\nComponents: main',
    ].join('\n\n');
    expect(parseSourceStanzas(text).map(({ uri }) => uri)).toEqual(['http://c.example']);
  });

  test('field names in any case, continued lines, and Windows line ends', () => {
    const text = 'types: deb\r\nuris:\r\n http://a.example\r\nSUITES: noble\r\nComponents: main\r\n universe\r\n';
    expect(parseSourceStanzas(text)).toEqual([
      { uri: 'http://a.example', suite: 'noble', components: ['main', 'universe'] },
    ]);
  });

  test('a key in the stanza survives being printed', () => {
    const key = ['', ' -----BEGIN PGP PUBLIC KEY BLOCK-----', ' .', ' mQIN', ' -----END PGP PUBLIC KEY BLOCK-----'];
    const text = `Types: deb\nURIs: http://a.example\nSuites: noble\nComponents: main\nSigned-By:${key.join('\n')}\n`;
    const [source] = parseSourceStanzas(text);
    expect(source?.signedBy).toContain('\n.\nmQIN');
    const printed = printSource(source ?? { uri: '', suite: '', components: [] }, 'amd64');
    expect(parseSourceStanzas(printed)).toEqual([{ ...source, architectures: ['amd64'] }]);
  });
});

test('a printed source has what apt needs', () => {
  const source = { uri: 'http://a.example/debian', suite: 'trixie', components: ['main'], signedBy: '/k.gpg' };
  expect(printSource({ ...source, trusted: false }, 'arm64')).toBe(
    'Types: deb\nURIs: http://a.example/debian\nSuites: trixie\nComponents: main\nArchitectures: arm64\nSigned-By: /k.gpg\nTrusted: no\n',
  );
});
