import { diagnosticRows, sourceFile } from '@hlb/diagnostics';
import { hostFacts, joinFacts } from '@hlb/facts';
import { expect, test } from 'vitest';
import { folderWith } from '../../../tests/support/cli.js';
import { compileWithModules } from './compile.js';

const shown = diagnosticRows.filter(({ code, wrong }) => code.startsWith('HLB07') && wrong !== undefined);

test.each(shown.map((row) => [row.code, row.wrong ?? ''] as const))(
  '%s: the wrong program gets it, alone',
  async (code, text) => {
    const facts = joinFacts(hostFacts({ cwd: await folderWith({}) }));
    const options = { path: 'wrong.hlb', facts, platform: 'linux/amd64' };
    const { diagnostics } = await compileWithModules(sourceFile('wrong.hlb', text), options);
    expect(diagnostics.map((found) => found.code)).toEqual([code]);
  },
);
