import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFile } from '@hlb/diagnostics';
import { hostFacts, joinFacts, offlineStepFacts, recordedFacts, recordFacts } from '@hlb/facts';
import { dumpLlb } from '@hlb/lowering';
import { type Build, execute, openBuild, type SolveEvent } from '@hlb/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderWith } from '../../../tests/support/cli.js';
import { record } from '../../../tests/support/compile-case.js';
import { conformanceCases } from '../../../tests/support/conformance.js';
import { masked, normal } from '../../../tests/support/masked-llb.js';
import { testEngine } from '../../../tests/support/test-engine.js';
import { type CompiledWithModules, compileWithModules } from './compile.js';
import { ModuleEngine } from './engine.js';
import { ModuleOffers } from './offers.js';
import { VendorFolder } from './vendor/folder.js';

let build: Build;

beforeAll(async () => {
  build = await openBuild({ address: testEngine().address });
});

afterAll(() => build.close());

interface Compiled extends CompiledWithModules {
  /** What the engine was told to do for modules: names of vertices, as often as they ran. */
  readonly ran: readonly string[];
  /** All that was asked, for another compile. */
  readonly facts: unknown;
}

/** Compiles `build.hlb` of a folder, as `hlb run` does. */
async function compileIn(folder: string, name = 'build.hlb', level: 'O0' | 'default' = 'default'): Promise<Compiled> {
  const offers = new ModuleOffers();
  const steps = { ...offlineStepFacts(), moduleFile: offers.moduleFile.bind(offers) };
  const recording = recordFacts(joinFacts(hostFacts({ cwd: folder }), build.facts, steps));
  const events: SolveEvent[] = [];
  const engine = new ModuleEngine({
    open: async () => build,
    facts: recording.facts,
    onEvent: (event) => events.push(event),
  });
  const result = await compileWithModules(sourceFile(name, readFileSync(join(folder, name), 'utf8')), {
    ...{ path: name, facts: recording.facts, offers, engine, platform: 'linux/amd64', level, verify: true },
    folders: [new VendorFolder(join(folder, '.hlb/modules'))],
    ...(level === 'O0' ? {} : { sessionId: build.sessionId }),
  });
  const done = events.flatMap((event) =>
    event.kind === 'vertex' && event.completed !== undefined ? [event.name] : [],
  );
  return { ...result, ran: [...new Set(done)], facts: JSON.parse(JSON.stringify(recording.toJSON())) };
}

/** Runs what was compiled. */
async function run({ plan, diagnostics }: CompiledWithModules): Promise<void> {
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  await execute(plan, build).forEach(() => {});
}

const moduleOf = (exported: string, text: string): string =>
  `export it\n\nfs it() {\n\t${exported}\n\tmkfile "/out" 0o644 "${text}"\n}\n`;

/** An import whose module is made by the program itself. */
function made(name: string, text: string, more = ''): string {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => `\t\t${line}`)
    .join('\n');
  return `import ${name} from fs {\n\tscratch\n${more}\tmkfile "module.hlb" 0o644 <<-\`M\`\n${lines}\n\tM\n}\n`;
}

const built = conformanceCases('import').filter(({ expect: wanted }) => String(wanted['needs']).includes('buildkit'));

describe('conformance cases that need an engine', () => {
  test.each(built.filter(({ expect: wanted }) => 'ops' in wanted).map((each) => [each.name, each] as const))(
    '%s',
    async (_, each) => {
      const { plan, diagnostics } = await compileIn(each.folder, 'program.hlb', 'O0');
      expect(diagnostics).toEqual([]);
      if (plan === undefined) throw new Error('no plan');
      const json = masked(record(JSON.parse(JSON.stringify(await dumpLlb(plan, { cwd: each.folder })))));
      for (const key of ['ops', 'terminal', 'sourceInfos']) expect(normal(json[key])).toEqual(normal(each.expect[key]));
    },
  );

  test('a local in a module from elsewhere, which the reference fails on, is a file beside the module', async () => {
    const each = built.find(({ name }) => name === 'import/local-inside-filesystem-module');
    if (each === undefined) throw new Error('the case is missing');
    const folder = await folderWith({});
    cpSync(each.folder, folder, { recursive: true });
    writeFileSync(
      join(folder, 'program.hlb'),
      readFileSync(join(folder, 'program.hlb'), 'utf8').replace('\tkit.it\n}', '\tkit.it\n\tdownload "out"\n}'),
    );
    for (const level of ['O0', 'default'] as const) {
      const compiled = await compileIn(folder, 'program.hlb', level);
      expect(compiled.diagnostics).toEqual([]);
      if (level === 'default') await run(compiled);
    }
    expect(readFileSync(join(folder, 'out/data.txt'), 'utf8')).toBe('payload');
  });
});

describe('modules that the engine builds', () => {
  test('a module of a file system, and one that it imports beside it', async () => {
    const folder = await folderWith({
      'build.hlb': `${made('kit', 'import base from "lib/base.hlb"\nexport it\nfs it() {\n\tbase.it\n\tmkfile "/kit" 0o644 "kit"\n}\n', `\tmkdir "lib" 0o755\n\tmkfile "lib/base.hlb" 0o644 <<-\`B\`\n\t\texport it\n\t\tfs it() {\n\t\t\tscratch\n\t\t\tmkfile "/base" 0o644 "base"\n\t\t}\n\tB\n`)}
fs default() {
	kit.it
	download "out"
}
`,
    });
    const compiled = await compileIn(folder);
    await run(compiled);
    expect(compiled.files.map(({ name }) => name)).toEqual([
      'build.hlb',
      'build.hlb#kit/module.hlb',
      'build.hlb#kit/lib/base.hlb',
    ]);
    expect(readFileSync(join(folder, 'out/kit'), 'utf8')).toBe('kit');
    expect(readFileSync(join(folder, 'out/base'), 'utf8')).toBe('base');
  });

  test('a module whose own import has to be built, and that of a local module too', async () => {
    const inner = made('deep', moduleOf('scratch', 'deep').trimEnd());
    const outer = `${inner}export it\nfs it() {\n\tdeep.it\n}\n`;
    const folder = await folderWith({
      'lib/kit.hlb': `${made('far', outer.replaceAll('`M`', '`N`').replaceAll('\n\tM\n', '\n\tN\n'))}export it\nfs it() {\n\tfar.it\n}\n`,
      'build.hlb': 'import kit from "lib/kit.hlb"\n\nfs default() {\n\tkit.it\n\tdownload "out"\n}\n',
    });
    await run(await compileIn(folder));
    expect(readFileSync(join(folder, 'out/out'), 'utf8')).toBe('deep');
  });

  test('one that two modules import is built once', async () => {
    const stamp = `${Date.now()} ${Math.random()}`;
    const expression = `fs {\n\timage "${testEngine().registry}/base"\n\trun "echo '# ${stamp}' > /module.hlb; printf 'export it\\\\nfs it() {\\\\n\\\\tscratch\\\\n\\\\tmkfile \\"/out\\" 0o644 \\"twice\\"\\\\n}\\\\n' >> /module.hlb"\n}`;
    const module = `import kit from ${expression}\nexport it\nfs it() {\n\tkit.it\n}\n`;
    const folder = await folderWith({
      'a.hlb': module,
      'b.hlb': module,
      'build.hlb':
        'import a from "a.hlb"\nimport b from "b.hlb"\nfs default() {\n\ta.it\n\tcopy b.it "/" "/b"\n\tdownload "out"\n}\n',
    });
    const compiled = await compileIn(folder);
    expect(compiled.diagnostics).toEqual([]);
    expect(compiled.ran.filter((name) => name.includes('module.hlb'))).toHaveLength(1);
    await run(compiled);
    expect(readFileSync(join(folder, 'out/b/out'), 'utf8')).toBe('twice');
  });

  test('imports that the targets do not use are not built', async () => {
    const folder = await folderWith({
      'build.hlb': `import broken from fs {\n\timage "${testEngine().registry}/base"\n\trun "exit 9"\n}\n\nfs other() {\n\tbroken.it\n}\n\nfs default() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n}\n`,
    });
    const compiled = await compileIn(folder);
    expect(compiled.diagnostics).toEqual([]);
    expect(compiled.ran).toEqual([]);
  });

  test('an import that uses a function of another import, which is built first', async () => {
    const folder = await folderWith({
      'build.hlb': `${made('maker', 'export source\nfs source(string text) {\n\tscratch\n\tmkfile "module.hlb" 0o644 text\n}\n')}import kit from maker.source(<<-\`K\`
	export it
	fs it() {
		scratch
		mkfile "/out" 0o644 "made"
	}
K
)

fs default() {
	kit.it
	download "out"
}
`,
    });
    await run(await compileIn(folder));
    expect(readFileSync(join(folder, 'out/out'), 'utf8')).toBe('made');
  });

  test('a module from a directory of this host, sent in the one session', async () => {
    const folder = await folderWith({
      'kit/module.hlb': moduleOf('scratch', 'from here'),
      'build.hlb': 'import kit from local("kit")\n\nfs default() {\n\tkit.it\n\tdownload "out"\n}\n',
    });
    const sent: string[] = [];
    const stop = build.session.onTransfer(({ name, state }) => {
      if (state === 'done') sent.push(name);
    });
    await run(await compileIn(folder));
    stop();
    expect(sent.filter((name) => name === 'kit')).toEqual(['kit']);
    expect(readFileSync(join(folder, 'out/out'), 'utf8')).toBe('from here');
  });

  test('a module that a frontend makes', async () => {
    const folder = await folderWith({
      Dockerfile: 'FROM scratch\nCOPY kit.hlb /module.hlb\n',
      'kit.hlb': moduleOf('scratch', 'by a frontend'),
      'build.hlb':
        'import kit from fs {\n\tfrontend "dockerfile.v0" with option {\n\t\tinput "context" local(".")\n\t\tinput "dockerfile" local(".")\n\t}\n}\n\nfs default() {\n\tkit.it\n\tdownload "out"\n}\n',
    });
    await run(await compileIn(folder));
    expect(readFileSync(join(folder, 'out/out'), 'utf8')).toBe('by a frontend');
  });

  test('locals of a module from elsewhere are beside it: files, directories, patterns, from the root', async () => {
    const module = `export it
fs it() {
	scratch
	copy local("data.txt") "/" "/file"
	copy local("../tree") "/" "/tree"
	copy local("/tree" with includePatterns("*.md")) "/" "/notes"
}
`;
    const folder = await folderWith({
      'tools/module.hlb': 'import inner from "lib/inner.hlb"\nexport it\nfs it() {\n\tinner.it\n}\n',
      'tools/lib/inner.hlb': module.replace(
        'local("/tree" with includePatterns("*.md"))',
        'fs {\n\t\tlocal "/tree" with includePatterns("*.md")\n\t}',
      ),
      'tools/lib/data.txt': 'data',
      'tools/tree/a.md': 'a',
      'tools/tree/b.txt': 'b',
      'build.hlb': 'import kit from local("tools")\n\nfs default() {\n\tkit.it\n\tdownload "out"\n}\n',
    });
    await run(await compileIn(folder));
    expect(readdirSync(join(folder, 'out/file'))).toEqual(['data.txt']);
    expect(readdirSync(join(folder, 'out/tree')).sort()).toEqual(['a.md', 'b.txt']);
    expect(readdirSync(join(folder, 'out/notes'))).toEqual(['a.md']);
  });

  test('a module in an image that is pushed first, by its digest', async () => {
    const ref = `${testEngine().registry}/module-${Date.now()}`;
    const folder = await folderWith({
      'build.hlb': `import kit from image("${ref}@${'${pin}'}")

fs published() {
	scratch
	mkfile "module.hlb" 0o644 <<-\`M\`
		export it
		fs it() {
			scratch
			mkfile "/out" 0o644 "out of an image"
		}
	M
	dockerPush "${ref}" as pin
}

fs default() {
	kit.it
	download "out"
}
`,
    });
    await run(await compileIn(folder));
    expect(readFileSync(join(folder, 'out/out'), 'utf8')).toBe('out of an image');
  });

  test('a module whose path a command says that is given the digest of a push', async () => {
    const ref = `${testEngine().registry}/path-${Date.now()}`;
    const folder = await folderWith({
      'lib/kit.hlb': moduleOf('scratch', 'beside the program'),
      'build.hlb': `import kit from where

fs published() {
	scratch
	mkfile "/a" 0o644 "a"
	dockerPush "${ref}" as pin
}

string where() {
	localRun "echo ${'${pin}'} >digest; echo lib/kit.hlb"
}

fs default() {
	kit.it
	download "out"
}
`,
    });
    const compiled = await compileIn(folder);
    await run(compiled);
    expect(readFileSync(join(folder, 'out/out'), 'utf8')).toBe('beside the program');
    expect(readFileSync(join(folder, 'digest'), 'utf8')).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  });

  test('what was asked is enough for another compile without an engine', async () => {
    const folder = await folderWith({
      'build.hlb': `${made('kit', moduleOf('scratch', 'recorded'))}\nfs default() {\n\tkit.it\n}\n`,
    });
    const { facts } = await compileIn(folder);
    const file = sourceFile('build.hlb', readFileSync(join(folder, 'build.hlb'), 'utf8'));
    const again = (json: unknown): Promise<CompiledWithModules> =>
      compileWithModules(file, {
        ...{ path: 'build.hlb', platform: 'linux/amd64', facts: recordedFacts(json, hostFacts({ cwd: folder })) },
      });
    expect((await again(facts)).plan).toBeDefined();
    const without = await again({});
    expect(without.diagnostics.map(({ code }) => code)).toEqual(['HLB0706']);
    expect(without.diagnostics[0]?.helps[0]).toContain('hlb module vendor --target kit build.hlb');
  });
});

describe('modules that can not be had', () => {
  test('a command that fails: the import, and the command', async () => {
    const folder = await folderWith({
      'build.hlb': `import kit from fs {\n\timage "${testEngine().registry}/base"\n\trun "exit 9"\n}\n\nfs default() {\n\tkit.it\n}\n`,
    });
    const { diagnostics } = await compileIn(folder);
    expect(diagnostics.map(({ code }) => code)).toEqual(['HLB0704']);
    expect(diagnostics[0]?.labels.map(({ span }) => span.file.position(span.start))).toEqual([
      { line: 1, column: 8 },
      { line: 3, column: 2 },
    ]);
    expect(diagnostics[0]?.message).toMatch(/exit code: 9/);
  });

  test.each([
    ['git+https://127.0.0.1:1/kit', /https:\/\/127\.0\.0\.1:1\/kit/],
    ['git://127.0.0.1:1/kit@main:kit.hlb', /https:\/\/127\.0\.0\.1:1\/kit/],
  ])('a repository that does not answer: %s', async (uri, message) => {
    const folder = await folderWith({ 'build.hlb': `import kit from "${uri}"\n\nfs default() {\n\tkit.it\n}\n` });
    const { diagnostics } = await compileIn(folder);
    expect(diagnostics.map(({ code }) => code)).toEqual(['HLB0704']);
    expect(diagnostics[0]?.message).toMatch(message);
  });

  test('a file system without the file', async () => {
    const folder = await folderWith({
      'build.hlb': 'import kit from fs {\n\tscratch\n\tmkfile "other.hlb" 0o644 ""\n}\n\nfs default() {\n\tkit.it\n}\n',
    });
    const { diagnostics } = await compileIn(folder);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^HLB0701 the module kit can't be read: "module.hlb": .*no such file/),
    ]);
  });

  test('no path of a module from elsewhere leads to files of this host', async () => {
    const folder = await folderWith({ 'secret.hlb': moduleOf('scratch', 'secret') });
    for (const path of [join(folder, 'secret.hlb'), '../../../../../../../etc/passwd', '~/.ssh/config']) {
      const text = `import peek from "${path}"\nexport it\nfs it() {\n\tpeek.it\n}\n`;
      writeFileSync(join(folder, 'build.hlb'), `${made('kit', text)}\nfs default() {\n\tkit.it\n}\n`);
      const { diagnostics, files } = await compileIn(folder);
      expect(diagnostics.map(({ code }) => code)).toEqual(['HLB0701']);
      expect(diagnostics[0]?.labels[0]?.span.file.name).toBe('build.hlb#kit/module.hlb');
      expect(files).toHaveLength(2);
    }
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
