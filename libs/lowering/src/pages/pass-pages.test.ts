import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printModule } from '@hlb/ir';
import { applyPass, formatIr, readIr } from '@hlb/ir/testing';
import { resolveLater } from '@hlb/plan';
import { describe, expect, test } from 'vitest';
import { lower } from '../index.js';
import { pipeline } from '../pipeline.js';

const folder = join(import.meta.dirname, '../../../../docs/passes');

function pageOf(name: string): string {
  return readFileSync(join(folder, `${name}.md`), 'utf8');
}

/** The text under a heading. */
function section(page: string, heading: string): string | undefined {
  return page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]?.trim();
}

function withoutCode(page: string): string {
  return page.replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
}

/** What the results of a module are, by their digests. */
function digests(text: string): readonly (string | undefined)[] {
  const { plan, diagnostics } = lower(readIr(text), {
    platform: 'linux/amd64',
    level: 'default',
    sessionId: 'session',
    answers: {
      cwd: '/work',
      home: '/home/me',
      path: () => undefined,
      files: () => undefined,
      imageConfig: () => undefined,
      lateConfigs: new Set(),
      manifest: () => undefined,
      knownHosts: () => [],
      localId: () => undefined,
    },
  });
  expect(diagnostics).toEqual([]);
  const steps = plan?.steps ?? [];
  expect(steps.length).toBeGreaterThan(0);
  return steps.map((step) =>
    step.kind === 'solve' ? resolveLater(step.definition, new Map()).digests.at(-1) : undefined,
  );
}

describe('docs/passes', () => {
  test('has a page for each pass of the pipeline, listed in its order', () => {
    const listed = [...pageOf('README').matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\.md\) \| ([\w-]+) \| (.*) \|$/gm)];
    expect(listed.map(([, name, page, kind, doc]) => [name, page, kind, doc])).toEqual(
      pipeline.map(({ pass, kind }) => [pass.name, pass.name, kind, pass.doc]),
    );
    const others = ['README', 'default-level', 'writing-passes'];
    const pages = readdirSync(folder).map((file) => file.replace(/\.md$/, ''));
    expect(pages.sort()).toEqual([...pipeline.map(({ pass }) => pass.name), ...others].sort());
  });

  test('links to pages that there are', () => {
    for (const file of readdirSync(folder)) {
      for (const [, target = ''] of withoutCode(readFileSync(join(folder, file), 'utf8')).matchAll(
        /\]\(([^)#:]+)(?:#[^)]*)?\)/g,
      )) {
        expect(existsSync(join(folder, target)), `${file}: ${target}`).toBe(true);
      }
    }
  });
});

describe.each(pipeline.map(({ pass, kind }) => ({ name: pass.name, pass, kind })))(
  'the page of $name',
  ({ name, pass, kind }) => {
    const page = pageOf(name);
    const [before = '', after = ''] = [...page.matchAll(/```ir\n([\s\S]*?)```/g)].map(([, text = '']) => text);

    test('shows what the pass does', async () => {
      expect(page.startsWith(`# ${name}\n`)).toBe(true);
      expect(before).toBe(formatIr(before));
      expect(after).toBe(formatIr(after));
      const result = await applyPass(pass, before);
      expect(result.text).toBe(after);
      expect(result.changed).toBe(before !== after);
      expect(result.diagnostics).toEqual([]);
      expect(printModule(readIr(after), { origins: false })).toBe(after);
    });

    test('says of digests what is true of that', () => {
      const said = section(page, 'Digests') ?? '';
      expect(said).toMatch(/^(None|Of )/);
      const same = JSON.stringify(digests(before)) === JSON.stringify(digests(after));
      expect(same, said).toBe(said.startsWith('None'));
    });

    test('says when it runs', () => {
      const heading = { required: 'Required', optional: 'When to leave it out', 'on-request': 'When to ask for it' }[
        kind
      ];
      expect(section(page, heading)?.length).toBeGreaterThan(20);
      if (kind === 'on-request') expect(section(page, heading)).toContain(`--pass ${name}`);
    });
  },
);
