import { expect, test } from 'vitest';
import { linesOf } from './known-hosts.js';

const lines = {
  plain: 'git.example,192.0.2.1 ssh-ed25519 AAAA plain',
  port: '[git.example]:2222 ssh-ed25519 BBBB port',
  // What `ssh-keygen -H` makes of `hidden.example` and `[hidden.example]:2222`.
  hashed:
    '|1|bKP3UK8TJ+4pm9r5SgzsI5bzdjs=|xR618hPmRxay3nCXoRLaEgVAqt4= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFszrIOZzs7r4nZMPGb4/QWzTEql2gDbkBR0bmCvSD6O',
  hashedPort:
    '|1|MD7ENzLTY0pWCSAjunEPQWwOrFk=|gPm0MiYhPkU3s8JfX3WUNrFoCi8= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFszrIOZzs7r4nZMPGb4/QWzTEql2gDbkBR0bmCvSD6O',
  wild: '*.corp.example,!bad.corp.example ssh-rsa CCCC wild',
  authority: '@cert-authority *.ca.example ssh-ed25519 DDDD',
  revoked: '@revoked gone.example ssh-ed25519 EEEE',
  half: 'half.example ssh-ed25519',
  comment: '# off.example ssh-ed25519 FFFF',
  address: '[2001:db8::1]:2222 ssh-ed25519 GGGG',
} as const;
const text = Object.values(lines).join('\r\n');

test.each<readonly [string, readonly (keyof typeof lines)[]]>([
  ['git.example', ['plain']],
  ['GIT.example:22', ['plain']],
  ['git.example:2222', ['port']],
  ['git.example:2200', ['plain']],
  ['192.0.2.1', ['plain']],
  ['hidden.example', ['hashed']],
  ['hidden.example:2222', ['hashedPort']],
  ['a.corp.example', ['wild']],
  ['bad.corp.example', []],
  ['corp.example', []],
  ['x.ca.example', ['authority']],
  ['gone.example', []],
  ['half.example', []],
  ['off.example', []],
  ['[2001:db8::1]:2222', ['address']],
  ['git-example', []],
  ['other.example', []],
])('%s', (host, expected) => {
  expect(linesOf(text, host)).toEqual(expected.map((name) => lines[name]));
});

test('revoked keys go with those that are trusted', () => {
  const both = ['@revoked a.example ssh-ed25519 AAAA', 'a.example ssh-ed25519 BBBB'];
  expect(linesOf(both.join('\n'), 'a.example')).toEqual(both);
});
