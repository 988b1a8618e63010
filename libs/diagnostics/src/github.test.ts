import { expect, test } from 'vitest';
import { diagnostic } from './diagnostic.js';
import { diagnosticsToGithub } from './github.js';
import { sourceFile, span } from './source-file.js';

test('each diagnostic is a command at its place', () => {
  const file = sourceFile('a.hlb', 'one\ntwo\n');
  const found = [
    diagnostic('HLB0301', { message: 'wrong', at: span(file, 4, 7), label: 'here', helps: ['Mend it.'] }),
    diagnostic('HLB0411', { message: 'odd', severity: 'warning', at: span(file, 0, 7) }),
    diagnostic('HLB0440', { message: 'so', severity: 'info' }),
  ];
  expect(diagnosticsToGithub(found)).toBe(
    [
      '::error file=a.hlb,line=2,endLine=2,col=1,endColumn=4,title=HLB0301::wrong%0Ahere%0AMend it.',
      '::warning file=a.hlb,line=1,endLine=2,title=HLB0411::odd',
      '::notice title=HLB0440::so',
      '',
    ].join('\n'),
  );
});

test('what would end a command or a property is escaped', () => {
  const file = sourceFile('a,b:c%.hlb', 'x\n');
  const found = diagnostic('HLB0301', { message: '100%\r\n::error::x', at: span(file, 0, 1) });
  expect(diagnosticsToGithub([found])).toBe(
    '::error file=a%2Cb%3Ac%25.hlb,line=1,endLine=1,col=1,endColumn=2,title=HLB0301::100%25%0D%0A::error::x\n',
  );
});

test('a file is called as the repository has it', () => {
  const found = diagnostic('HLB0301', { message: 'wrong', at: span(sourceFile('a.hlb', 'x\n'), 0, 1) });
  expect(diagnosticsToGithub([found], (name) => `services/web/${name}`)).toMatch(
    /^::error file=services\/web\/a\.hlb,/,
  );
});
