import { expect, test } from 'vitest';
import { diagnostic } from './diagnostic.js';
import { diagnosticsToSarif } from './sarif.js';
import { sourceFile, span } from './source-file.js';

const file = sourceFile('dir/ä b.hlb', 'one\ntwo\n');
const place = span(file, 4, 7);
const tool = { name: 'hlb', version: '1.2.3', helpUri: (code: string) => `https://example.org/${code}` };

function log(...found: Parameters<typeof diagnosticsToSarif>[0]): unknown {
  return JSON.parse(JSON.stringify(diagnosticsToSarif(found, tool)));
}

test('the log names the tool, its rules with their pages, and how columns count', () => {
  const found = diagnostic('HLB0301', { message: 'm', at: place });
  expect(log(found)).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'hlb',
            version: '1.2.3',
            rules: [
              {
                id: 'HLB0301',
                shortDescription: { text: 'A name that is not defined' },
                helpUri: 'https://example.org/HLB0301',
              },
            ],
          },
        },
        columnKind: 'utf16CodeUnits',
      },
    ],
  });
});

test('a result has its place, related places, calls and fixes', () => {
  const builtins = sourceFile('<builtin>', 'fs image(string ref)\n');
  const found = diagnostic('HLB0301', {
    message: 'm',
    severity: 'info',
    at: place,
    label: 'l',
    related: [
      { span: span(file, 0, 3), message: 'r' },
      { span: span(builtins, 3, 8), message: 'builtin' },
    ],
    frames: [span(file, 0, 1)],
    fixes: [{ title: 't', edits: [{ span: place, text: 'x' }] }],
  });
  const artifactLocation = { uri: 'dir/%C3%A4%20b.hlb', uriBaseId: '%SRCROOT%' };
  const region = { startLine: 2, startColumn: 1, endLine: 2, endColumn: 4 };
  expect(log(found)).toMatchObject({
    runs: [
      {
        results: [
          {
            ruleId: 'HLB0301',
            ruleIndex: 0,
            level: 'note',
            message: { text: 'm' },
            locations: [{ physicalLocation: { artifactLocation, region }, message: { text: 'l' } }],
            relatedLocations: [{ id: 0, physicalLocation: { artifactLocation }, message: { text: 'r' } }],
            stacks: [{ frames: [{ location: { physicalLocation: { region: { startLine: 1 } } } }] }],
            fixes: [
              {
                description: { text: 't' },
                artifactChanges: [
                  { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: 'x' } }] },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});

test('each rule stands once, and results refer to it', () => {
  const found = ['HLB0302', 'HLB0301', 'HLB0302'] as const;
  expect(log(...found.map((code) => diagnostic(code, { message: 'm' })))).toMatchObject({
    runs: [
      {
        tool: { driver: { rules: [{ id: 'HLB0301' }, { id: 'HLB0302' }] } },
        results: [{ ruleIndex: 1 }, { ruleIndex: 0 }, { ruleIndex: 1 }],
      },
    ],
  });
});
