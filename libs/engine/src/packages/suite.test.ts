import { describe, expect, test } from 'vitest';
import type { Distribution } from './distribution.js';
import { parseSourceLines, parseSourceStanzas } from './source-list.js';
import { defaultSuite, sourcesForSuite, systemSuite } from './suite.js';

function debian(codename: string, lines: string): Distribution {
  return { family: 'debian', codename, architecture: 'amd64', sources: parseSourceLines(lines) };
}

const noble: Distribution = {
  family: 'ubuntu',
  codename: 'noble',
  architecture: 'amd64',
  sources: parseSourceStanzas(
    [
      'Types: deb\nURIs: http://de.archive.ubuntu.com/ubuntu/\nSuites: noble noble-updates noble-backports\nComponents: main restricted universe multiverse\nSigned-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg',
      'Types: deb\nURIs: http://security.ubuntu.com/ubuntu/\nSuites: noble-security\nComponents: main restricted universe multiverse\nSigned-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg',
    ].join('\n\n'),
  ),
};

/** Each try as `uri suite components`. */
function tries(distribution: Distribution, suite: string): string[][] {
  return sourcesForSuite(distribution, suite).map((list) =>
    list.map((source) => `${source.uri} ${source.suite} ${source.components.join(',')}`),
  );
}

describe('the suite', () => {
  test.each([
    ['bookworm', 'trixie'],
    ['trixie', 'trixie'],
    ['forky', 'trixie'],
    ['', 'trixie'],
    ['bullseye', 'bullseye'],
  ])('of an engine on Debian %s is %s', (codename, suite) => {
    expect(defaultSuite(debian(codename, ''))).toBe(suite);
  });

  test('of an engine on Ubuntu is its own', () => {
    expect(defaultSuite(noble)).toBe('noble');
    expect(defaultSuite({ ...noble, codename: 'jammy', sources: [] })).toBe('jammy');
  });

  test('of the system is the one that its sources name', () => {
    expect(systemSuite(debian('bookworm', 'deb http://deb.debian.org/debian bookworm main'))).toBe('bookworm');
    expect(systemSuite(debian('forky', 'deb http://deb.debian.org/debian sid main'))).toBe('sid');
    expect(systemSuite(debian('bookworm', ''))).toBe('bookworm');
  });
});

describe('the sources for a suite', () => {
  test('on Debian are the mirror of the system, with the updates of the other suite', () => {
    const distribution = debian(
      'bookworm',
      [
        'deb http://ftp.de.debian.org/debian bookworm main contrib',
        'deb http://ftp.de.debian.org/debian bookworm-updates main',
        'deb http://ftp.de.debian.org/debian bookworm-backports main',
        'deb http://security.debian.org/debian-security bookworm-security main',
      ].join('\n'),
    );
    const main = 'http://ftp.de.debian.org/debian trixie main';
    expect(tries(distribution, 'trixie')).toEqual([
      [
        main,
        'http://ftp.de.debian.org/debian trixie-updates main',
        'http://security.debian.org/debian-security trixie-security main',
      ],
      [main],
    ]);
    expect(tries(distribution, 'sid')).toEqual([['http://ftp.de.debian.org/debian sid main']]);
  });

  test('on Ubuntu hold universe, where Docker is', () => {
    const main = 'http://de.archive.ubuntu.com/ubuntu/ noble main,universe';
    expect(tries(noble, 'noble')).toEqual([
      [
        main,
        'http://de.archive.ubuntu.com/ubuntu/ noble-updates main,universe',
        'http://security.ubuntu.com/ubuntu/ noble-security main,universe',
      ],
      [main],
    ]);
    expect(sourcesForSuite(noble, 'noble')[0]?.[0]?.signedBy).toBe('/usr/share/keyrings/ubuntu-archive-keyring.gpg');
  });

  test("are never a vendor's repository that uses the release's name", () => {
    const vendors = [
      'deb [signed-by=/usr/share/keyrings/hashicorp.gpg] https://apt.releases.hashicorp.com bookworm main',
      'deb [signed-by=/etc/apt/keyrings/github.gpg] https://cli.github.com/packages stable main',
      'deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable',
    ];
    expect(() => sourcesForSuite(debian('bookworm', vendors.join('\n')), 'trixie')).toThrow(
      'No package source of Debian bookworm is set up on this system.',
    );
    const own = 'deb http://deb.debian.org/debian bookworm main';
    expect(tries(debian('bookworm', [...vendors, own].join('\n')), 'trixie')).toEqual([
      ['http://deb.debian.org/debian trixie main'],
    ]);
  });

  test("come from the distribution's own hosts first, then from what looks like a mirror", () => {
    const distribution = debian(
      'bookworm',
      'deb http://mirror.corp.example/debian bookworm main\ndeb https://deb.debian.org/debian bookworm main',
    );
    expect(tries(distribution, 'trixie').flat()).toEqual([
      'https://deb.debian.org/debian trixie main',
      'http://mirror.corp.example/debian trixie main',
    ]);
  });

  test('keep the key that the system has for a mirror, and its trust', () => {
    const keyed = debian('bookworm', 'deb [signed-by=/corp.gpg] http://mirror.corp.example/debian bookworm main');
    expect(sourcesForSuite(keyed, 'trixie')[0]?.[0]?.signedBy).toBe('/corp.gpg');
    const trusted = debian('bookworm', 'deb [trusted=yes] http://mirror.corp.example/debian bookworm main');
    expect(sourcesForSuite(trusted, 'trixie')[0]?.[0]).toMatchObject({ trusted: true });
    expect(sourcesForSuite(trusted, 'trixie')[0]?.[0]?.signedBy).toBeUndefined();
  });

  test('may be named by the alias of a release, or by a list of mirrors', () => {
    expect(tries(debian('forky', 'deb http://deb.debian.org/debian testing main'), 'trixie')).toEqual([
      ['http://deb.debian.org/debian trixie main'],
    ]);
    const runner: Distribution = {
      ...noble,
      sources: parseSourceStanzas(
        'Types: deb\nURIs: mirror+file:/etc/apt/apt-mirrors.txt\nSuites: noble noble-updates\nComponents: main universe\nSigned-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg',
      ),
    };
    expect(tries(runner, 'noble')[0]).toEqual([
      'mirror+file:/etc/apt/apt-mirrors.txt noble main,universe',
      'mirror+file:/etc/apt/apt-mirrors.txt noble-updates main,universe',
    ]);
  });
});
