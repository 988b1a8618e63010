import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '@hlb/checker';
import { type Diagnostic, sourceFile } from '@hlb/diagnostics';
import { type Facts, hostFacts, joinFacts, offlineEngineFacts, offlineStepFacts } from '@hlb/facts';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../../tests/support/cli.js';
import { type CompiledWithModules, compileWithModules } from './compile.js';
import { type LoadedModules, loadModules } from './load.js';

interface Asked {
  readonly facts: Facts;
  /** Files of modules that were asked for. */
  readonly files: string[];
}

function factsIn(cwd: string, modules: Readonly<Record<string, string>> = {}): Asked {
  const files: string[] = [];
  const environment = new Map([['KIT', 'env']]);
  const steps = {
    ...offlineStepFacts(),
    moduleFile: async ({ path }: { readonly path: string }) => {
      files.push(path);
      return modules[path];
    },
  };
  return { facts: joinFacts(hostFacts({ cwd, environment, home: cwd }), offlineEngineFacts(), steps), files };
}

async function compiled(
  files: Readonly<Record<string, string>>,
  asked?: (cwd: string) => Asked,
): Promise<CompiledWithModules> {
  const cwd = await folderWith(files);
  const { facts } = (asked ?? factsIn)(cwd);
  const path = Object.keys(files)[0] ?? '';
  return compileWithModules(sourceFile(path, files[path] ?? ''), {
    path,
    facts,
    platform: 'linux/amd64',
    verify: true,
  });
}

async function quietly(files: Readonly<Record<string, string>>): Promise<LoadedModules> {
  const { facts } = factsIn(await folderWith(files));
  const { module } = parse(sourceFile('build.hlb', files['build.hlb'] ?? ''));
  return loadModules(check(module), {
    wanted: 'program',
    path: 'build.hlb',
    facts,
    platform: 'linux/amd64',
    quiet: true,
  });
}

const kit = 'export it\nfs it() {\n\tscratch\n\tmkfile "/it" 0o644 "it"\n}\n';
const useKit = '\nfs default() {\n\tkit.it\n}\n';

function said(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message, labels }) => {
    const at = labels[0]?.span;
    const place = at?.file.position(at.start);
    return `${at?.file.name}:${place?.line}:${place?.column} ${code} ${message}`;
  });
}

describe('modules that are files', () => {
  test.each([
    ['a path', '"lib/kit.hlb"', 'lib/kit.hlb'],
    ['a path out of the folder and back', '"./lib/../lib//kit.hlb"', 'lib/kit.hlb'],
    ['a path with characters that URLs have a meaning for', '"lib/a#b?c%20d:e.hlb"', 'lib/a#b?c%20d:e.hlb'],
    ['a path that was written as a URL', '"lib/my%20kit.hlb"', 'lib/my kit.hlb'],
    ['a file URL', '"file://lib/my%20kit.hlb"', 'lib/my kit.hlb'],
    ['a path below the home directory', '"~/lib/kit.hlb"', 'lib/kit.hlb'],
    ['a path that a function makes', 'path("kit")', 'lib/kit.hlb'],
    ['a path that the environment says', 'string { localEnv "KIT"; }', 'env'],
    ['a path that a command prints', 'string { localRun "echo lib/kit.hlb"; }', 'lib/kit.hlb'],
  ])('%s', async (_, expression, name) => {
    const { diagnostics, files, plan } = await compiled({
      'build.hlb': `import kit from ${expression}\n${useKit}\nstring path(string name) {\n\t"lib/\${name}.hlb"\n}\n`,
      [name]: kit,
    });
    expect(said(diagnostics)).toEqual([]);
    expect(files.map((file) => file.name)).toEqual(['build.hlb', name]);
    expect(plan).toBeDefined();
  });

  test('paths start from the module that says them, in a program of another folder too', async () => {
    const { diagnostics, files } = await compiled({
      'app/build.hlb': `import kit from "../lib/kit.hlb"\n${useKit}`,
      'lib/kit.hlb':
        'import kit from "inner/kit.hlb"\nexport it\nfs it() {\n\tkit.it\n\tcopy local("data") "/" "/"\n}\n',
      'lib/inner/kit.hlb': kit,
      'lib/data/x': '',
    });
    expect(said(diagnostics)).toEqual([]);
    expect(files.map((file) => file.name)).toEqual(['app/build.hlb', 'lib/kit.hlb', 'lib/inner/kit.hlb']);
  });

  test.each([
    ['nothing there', '"absent.hlb"', '"absent.hlb": there is no such file'],
    ['a directory', '"lib"', '"lib": it is a directory'],
    ['nothing named', '""', '"": it is a directory'],
    ['no regular file', '"/dev/null"', '"/dev/null": it is no regular file'],
    [
      'a file as a directory',
      '"build.hlb/kit.hlb"',
      '"build.hlb/kit.hlb": there is no such file: what stands before it is no directory',
    ],
    ['another home', '"~other/kit.hlb"', '"~other/kit.hlb": the home directory of another user has no meaning here'],
  ])('%s', async (_, expression, reason) => {
    const { diagnostics, plan } = await compiled({
      'build.hlb': `import kit from ${expression}\n${useKit}`,
      'lib/x': '',
    });
    expect(said(diagnostics)).toEqual([`build.hlb:1:17 HLB0701 the module kit can't be read: ${reason}`]);
    expect(plan).toBeUndefined();
  });
});

describe('what is loaded', () => {
  test('only what the targets use, at every level', async () => {
    const { diagnostics, files } = await compiled({
      'build.hlb':
        'import kit from "kit.hlb"\nimport absent from "absent.hlb"\nfs other() {\n\tabsent.it\n}\nfs default() {\n\thelper\n}\nfs helper() {\n\tkit.it\n}\n',
      'kit.hlb': `import absent from "absent.hlb"\n${kit}export other\nfs other() {\n\tabsent.it\n}\n`,
    });
    expect(said(diagnostics)).toEqual([]);
    expect(files.map(({ name }) => name)).toEqual(['build.hlb', 'kit.hlb']);
  });

  test('what an argument of an imported call uses, before its kind is known', async () => {
    const { diagnostics } = await compiled({
      'build.hlb':
        'import kit from "kit.hlb"\nimport other from "other.hlb"\nfs default() {\n\tkit.on other.it fs { other.it; }\n}\n',
      'kit.hlb': 'export on\nfs on(fs base, fs more) {\n\tbase\n\tcopy more "/" "/more"\n}\n',
      'other.hlb': kit,
    });
    expect(said(diagnostics)).toEqual([]);
  });

  test('a file under two names is read for each, and known to be one', async () => {
    const cwd = await folderWith({
      'a/kit.hlb': 'import kit from "self/kit.hlb"\nexport it\nfs it() {\n\tkit.it\n}\n',
    });
    symlinkSync('.', join(cwd, 'a/self'));
    mkdirSync(join(cwd, 'b'));
    const path = 'build.hlb';
    const program = sourceFile(path, `import kit from "a/kit.hlb"\n${useKit}`);
    const { facts } = factsIn(cwd);
    const { diagnostics } = await compileWithModules(program, { path, facts, platform: 'linux/amd64' });
    expect(said(diagnostics)).toEqual(['a/kit.hlb:1:17 HLB0703 the module a/kit.hlb imports itself']);
  });

  test('deep diamonds take no longer than their modules', async () => {
    const depth = 200;
    const module = (level: number): string =>
      level === depth
        ? kit
        : `import a from "m${level + 1}.hlb"\nimport b from "./m${level + 1}.hlb"\nexport it\nfs it() {\n\tscratch\n\tcopy a.it "/" "/a"\n\tcopy b.it "/" "/b"\n}\n`;
    const modules = Array.from({ length: depth + 1 }, (_, level) => [`m${level}.hlb`, module(level)] as const);
    const { diagnostics, files } = await compiled({
      'build.hlb': `import kit from "m0.hlb"\n${useKit}`,
      ...Object.fromEntries(modules),
    });
    expect(said(diagnostics)).toEqual([]);
    expect(files).toHaveLength(depth + 2);
  });

  test('an import that needs itself, and imports that need each other', async () => {
    const { diagnostics, plan } = await compiled({
      'build.hlb': `import kit from other.it\nimport other from kit.it\n${useKit}`,
    });
    expect(diagnostics.map(({ severity }) => severity)).toContain('error');
    expect(plan).toBeUndefined();
  });

  test('a circle is shown the same, whichever of its modules was read first', async () => {
    const files = {
      'build.hlb':
        'import a from "a.hlb"\nimport b from "b.hlb"\nimport c from "c.hlb"\nfs default() {\n\tc.it\n\tb.it\n\ta.it\n}\n',
      'a.hlb': 'import kit from "b.hlb"\nexport it\nfs it() {\n\tkit.it\n}\n',
      'b.hlb': 'import kit from "c.hlb"\nexport it\nfs it() {\n\tkit.it\n}\n',
      'c.hlb': 'import kit from "a.hlb"\nexport it\nfs it() {\n\tkit.it\n}\n',
    };
    const runs = await Promise.all(Array.from({ length: 5 }, () => compiled(files)));
    for (const { diagnostics } of runs) {
      expect(said(diagnostics)).toEqual([
        'c.hlb:1:17 HLB0703 modules import each other in a circle: a.hlb → b.hlb → c.hlb → a.hlb',
      ]);
    }
  });

  test('a module that imports the program', async () => {
    const { diagnostics } = await compiled({
      'build.hlb': `import kit from "kit.hlb"\nexport base\nfs base() {\n\tscratch\n}\n${useKit}`,
      'kit.hlb': 'import main from "build.hlb"\nexport it\nfs it() {\n\tmain.base\n}\n',
    });
    expect(said(diagnostics)).toEqual([
      'kit.hlb:1:18 HLB0703 modules import each other in a circle: build.hlb → kit.hlb → build.hlb',
    ]);
  });
});

describe('modules from elsewhere, by facts', () => {
  test('are asked for once, with what they import beside them', async () => {
    const module = 'import base from "/lib/../base.hlb"\nexport it\nfs it() {\n\tbase.it\n}\n';
    const cwd = await folderWith({});
    const { facts, files } = factsIn(cwd, { 'module.hlb': module, 'base.hlb': kit });
    const program = `import kit from fs {\n\timage "kit"\n}\nimport again from fs {\n\timage "kit"\n}\nfs default() {\n\tkit.it\n\tagain.it\n}\n`;
    const path = 'build.hlb';
    const result = await compileWithModules(sourceFile(path, program), { path, facts, platform: 'linux/amd64' });
    expect(said(result.diagnostics)).toEqual([]);
    expect(result.files.map(({ name }) => name)).toEqual([
      'build.hlb',
      'build.hlb#kit/module.hlb',
      'build.hlb#kit/base.hlb',
      'build.hlb#again/module.hlb',
      'build.hlb#again/base.hlb',
    ]);
    expect(new Set(files)).toEqual(new Set(['module.hlb', 'base.hlb']));
  });

  test('git modules are asked for by their URI', async () => {
    const cwd = await folderWith({});
    const { facts } = factsIn(cwd, { 'sub/kit.hlb': kit });
    const program = `import kit from "git://example.org/kit@main:/sub/kit.hlb"\n${useKit}`;
    const path = 'build.hlb';
    const result = await compileWithModules(sourceFile(path, program), { path, facts, platform: 'linux/amd64' });
    expect(said(result.diagnostics)).toEqual([]);
    expect(result.files[1]?.name).toBe('build.hlb#kit/sub/kit.hlb');
  });

  test('an empty file system holds no module', async () => {
    const { diagnostics } = await compiled({ 'build.hlb': `import kit from fs { scratch; }\n${useKit}` });
    expect(said(diagnostics)).toEqual([
      "build.hlb:1:8 HLB0704 the module kit can't be built: an empty file system has no module.hlb",
    ]);
  });

  test('what is wrong in the expression is said there', async () => {
    const { diagnostics } = await compiled({ 'build.hlb': `import kit from local("absent")\n${useKit}` });
    expect(said(diagnostics)).toEqual(['build.hlb:1:23 HLB0515 there is no file or directory absent']);
  });
});

describe('checking without building', () => {
  test('says which imports were left out, and checks the others', async () => {
    const { diagnostics } = await quietly({
      'build.hlb': [
        'import kit from "kit.hlb"',
        'import built from image("kit")',
        'import far from "git://example.org/kit"',
        'import asked from string { localRun "touch ran; echo kit.hlb"; }',
        'import made from built.source',
        'import unused from "absent.hlb"',
        'fs default() {',
        '\tkit.gone',
        '\tbuilt.it',
        '\tfar.it',
        '\tasked.it',
        '\tmade.it',
        '}',
        '',
      ].join('\n'),
      'kit.hlb': kit,
    });
    expect(
      diagnostics.map(({ severity, labels, code }) => {
        const at = labels[0]?.span;
        return `${at?.file.position(at.start).line} ${severity} ${code}`;
      }),
    ).toEqual([
      '2 info HLB0707',
      '3 info HLB0707',
      '4 info HLB0707',
      '5 info HLB0707',
      '6 error HLB0701',
      '8 error HLB0324',
    ]);
  });

  test('says nothing of what only a registry tells', async () => {
    const { diagnostics } = await quietly({
      'build.hlb':
        'import kit from image("a@${digest}")\nstring digest() {\n\tmanifest "a" as (digest d)\n}\nfs default() {\n\tkit.it\n}\n',
    });
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['info HLB0707']);
  });

  test('goes on beside mistakes of the program', async () => {
    const { diagnostics } = await quietly({
      'build.hlb': 'import kit from "kit.hlb"\nfs default() {\n\tkit.gone\n\tlost\n}\n',
      'kit.hlb': kit,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['HLB0324']);
  });
});
