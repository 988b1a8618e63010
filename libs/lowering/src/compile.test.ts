import { check } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import { printModule } from '@hlb/ir';
import { type Definition, decodeOp, definitionBytes, digestOf, emptyDefinition, opToJSON } from '@hlb/llb';
import { parse } from '@hlb/parser';
import {
  type Later,
  type Plan,
  resolveLater,
  type Step,
  type StepId,
  type StepResult,
  type StepResults,
  withLateNeeds,
} from '@hlb/plan';
import { describe, expect, test } from 'vitest';
import { compileText, shown } from '../../../tests/support/compile-text.js';
import type { CompileResult } from './index.js';

const none: StepResults = new Map();

async function planOf(text: string, options: Parameters<typeof compileText>[1] = {}): Promise<Plan> {
  const { plan, diagnostics } = await compileText(text, { sessionId: 'live', ...options });
  if (plan === undefined) throw new Error(diagnostics.map(shown).join('\n'));
  return plan;
}

function ops(definition: Later<Definition>, results = none): readonly Record<string, unknown>[] {
  return resolveLater(definition, results).def.map((bytes) => opToJSON(decodeOp(bytes)) as Record<string, unknown>);
}

function step<Kind extends Step['kind']>(plan: Plan, kind: Kind, place = 0): Extract<Step, { kind: Kind }> {
  const found = plan.steps.filter((each): each is Extract<Step, { kind: Kind }> => each.kind === kind)[place];
  if (found === undefined) throw new Error(`no ${kind} ${place}`);
  return found;
}

async function errors(text: string, options: Parameters<typeof compileText>[1] = {}): Promise<readonly string[]> {
  return (await compileText(text, { sessionId: 'live', ...options })).diagnostics.map(shown);
}

const fiveUses = `
fs ctx() { local "." }
fs first() {
	frontend "dockerfile.v0" with option { input "context" ctx; input "dockerfile" fs { local "./x/.." }; }
}
fs second() { frontend "acme/other:1" with option { input "context" fs { local "/work" }; opt "k" "v"; } }
fs default() {
	image "busybox"
	run "one" with option { mount ctx "/a" with readonly; }
	run "two" with option { mount fs { local "../work" } "/b"; }
	copy fs { local "." } "/" "/c"
	copy first "/" "/1"
	copy second "/" "/2"
}`;

describe('locals', () => {
  test('five uses of one directory are one name, one op and the live session', async () => {
    const plan = await planOf(fiveUses);
    const directories = plan.steps.flatMap(({ session }) => session.directories);
    expect(new Set(directories.map(({ name }) => name))).toEqual(new Set(['.']));
    expect(new Set(directories.map(({ path }) => path))).toEqual(new Set(['/work']));
    const frontend = step(plan, 'frontend');
    const [source] = ops(frontend.inputs.get('context') ?? { kind: 'known', value: emptyDefinition });
    expect(source).toMatchObject({
      source: {
        identifier: 'local://.',
        attrs: { 'local.session': 'live', 'local.sharedkeyhint': expect.any(String) },
      },
    });
    expect(JSON.stringify(source)).not.toContain('local.unique');
  });

  test('what a frontend reads appears outside of it only as far as its result refers to it', async () => {
    const plan = await planOf(`
fs default() {
	frontend "dockerfile.v0" with option { input "context" fs { local "."; }; }
	mkfile "/a" 0o644 "a"
}`);
    const { id, inputs } = step(plan, 'frontend');
    const resultsWith = (definition: Definition | undefined): StepResults =>
      new Map<StepId, StepResult>([[id, { kind: 'frontend', definition, metadata: new Map() }]]);
    const solve = step(plan, 'solve');
    const empty = resultsWith(undefined);
    expect(JSON.stringify(ops(solve.definition, empty))).not.toContain('local://');
    expect(withLateNeeds(solve, empty).session.directories).toEqual([]);
    const [context] = inputs.values();
    const given = resultsWith(context && resolveLater(context, none));
    expect(JSON.stringify(ops(solve.definition, given))).toContain('local://');
    expect(withLateNeeds(solve, given).session.directories).toEqual(step(plan, 'frontend').session.directories);
  });

  test('other filters of one directory have another name and another key', async () => {
    const plan = await planOf(`
fs default() {
	scratch
	copy fs { local "src"; } "/" "/a"
	copy fs { local "src" with includePatterns("*.c"); } "/" "/b"
}`);
    const { directories } = step(plan, 'solve').session;
    expect(directories.map(({ name, include }) => [name, include])).toEqual([
      ['src', []],
      ['src#2', ['*.c']],
    ]);
    const hints = ops(step(plan, 'solve').definition).flatMap((op) => JSON.stringify(op).match(/hlb:[0-9a-f]+/g) ?? []);
    expect(new Set(hints).size).toBe(2);
  });

  test('hints are the same in every build, and sessions change nothing else', async () => {
    const one = await planOf('fs default() { local "src"; }');
    const two = await planOf('fs default() { local "src"; }', { sessionId: 'other' });
    const text = (plan: Plan): string => JSON.stringify(ops(step(plan, 'solve').definition)[0]);
    expect(text(two).replace('other', 'live')).toBe(text(one));
  });
});

describe('what is known later', () => {
  const pinned = `
fs publish() { scratch; mkfile "/f" 0o644 "f"; dockerPush "acme/f" as dg; }
fs default() { scratch; mkfile "/pin" 0o644 "acme/f@\${dg}"; }`;

  test('the digest of a push is part of a later definition', async () => {
    const plan = await planOf(pinned);
    const push = step(plan, 'output');
    const solve = step(plan, 'solve');
    expect(solve.after).toEqual([push.id]);
    expect(solve.definition.kind).toBe('later');
    const digest = `sha256:${'ab'.repeat(32)}`;
    const results = new Map<StepId, StepResult>([
      [push.id, { kind: 'output', response: new Map([['containerimage.digest', digest]]) }],
    ]);
    expect(JSON.stringify(ops(solve.definition, results)[0])).toContain(
      Buffer.from(`acme/f@${digest}`).toString('base64'),
    );
  });

  test('an engine that does not say the digest is told of', async () => {
    const plan = await planOf(pinned);
    const results = new Map<StepId, StepResult>([[step(plan, 'output').id, { kind: 'output', response: new Map() }]]);
    expect(() => ops(step(plan, 'solve').definition, results)).toThrow(/did not say the digest/);
  });

  test("a frontend's result keeps its ops, and its config counts for commands above -O0", async () => {
    const program = 'fs default() { frontend "acme/x:1"; run "pwd"; }';
    const made = await planOf('fs default() { image "busybox"; }');
    const definition = resolveLater(step(made, 'solve').definition, none);
    const config = JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      config: { WorkingDir: '/app', Env: ['A=b'], User: 'me' },
    });
    for (const [level, cwd, env] of [
      ['default', '/app', ['A=b']],
      ['O0', '/', undefined],
    ] as const) {
      const plan = await planOf(program, { level });
      const results = new Map<StepId, StepResult>([
        [
          step(plan, 'frontend').id,
          { kind: 'frontend', definition, metadata: new Map([['containerimage.config', Buffer.from(config)]]) },
        ],
      ]);
      const solved = resolveLater(step(plan, 'solve').definition, results);
      expect(solved.digests[0]).toBe(digestOf(definition.def[0] ?? new Uint8Array()));
      expect(ops(step(plan, 'solve').definition, results)[1]).toMatchObject({
        exec: { meta: { cwd, user: 'me', ...(env === undefined ? {} : { env }) } },
      });
    }
  });

  test('a text target is printed, also where it is known later', async () => {
    const plan = await planOf(pinned.replace('fs default() { scratch; mkfile "/pin" 0o644', 'string default() {'));
    const [target] = plan.targets;
    expect(target?.steps).toEqual([step(plan, 'output').id]);
    expect(target?.text?.kind).toBe('later');
  });
});

describe('outputs', () => {
  test('outputs of one value share a solve above -O0', async () => {
    const program = `
fs default() {
	scratch
	mkfile "/f" 0o644 "f"
	download "out"
	downloadTarball "out.tar"
	dockerPush "acme/f"
}`;
    const plan = await planOf(program);
    expect(plan.steps.map(({ id }) => id)).toEqual(['download-1']);
    expect(step(plan, 'output').outputs.map(({ kind }) => kind)).toEqual(['directory', 'tar', 'push']);
    expect(plan.targets[0]?.steps).toEqual(['download-1']);
    expect((await planOf(program, { level: 'O0' })).steps.map(({ id }) => id)).toEqual([
      'download-1',
      'download-tarball-1',
      'docker-push-1',
    ]);
  });

  test('stages order outputs and solves; what stands in a stage does not wait for its neighbours', async () => {
    const plan = await planOf(`
fs save(string n) { scratch; mkfile "/n" 0o644 n; download "out-\${n}"; }
pipeline default() { stage save("1") save("2"); stage fs { image "busybox"; run "x"; }; }`);
    expect(plan.steps.map(({ id, after }) => [id, after])).toEqual([
      ['download-1', []],
      ['download-2', []],
      ['solve-1', ['download-1', 'download-2']],
    ]);
  });

  test('an output whose value is replaced is still done', async () => {
    const plan = await planOf('fs default() { scratch; download "out"; image "busybox"; }');
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['output', 'solve']);
  });

  test('the config of an image output has what the program said', async () => {
    const plan = await planOf('fs default() { scratch; env "A" "b"; label "l" "1"; downloadOCITarball "x.tar"; }');
    const [output] = step(plan, 'output').outputs;
    const config: unknown = output?.kind === 'oci-tar' ? JSON.parse(resolveLater(output.config, none)) : undefined;
    expect(config).toMatchObject({
      os: 'linux',
      architecture: 'amd64',
      config: { Env: ['A=b'], Labels: { l: '1' } },
      history: [{ created_by: 'LABEL l=1' }],
    });
  });
});

describe('images', () => {
  const config = JSON.stringify({
    os: 'linux',
    architecture: 'arm64',
    variant: 'v8',
    config: { Env: ['P=1'], WorkingDir: '/w' },
  });
  const host = {
    imageConfig: async () => ({ config, digest: `sha256:${'1'.repeat(64)}` }),
  };

  test('are pinned to what their config came from, and hand on their platform', async () => {
    const plan = await planOf('fs default() { image "acme/a:1"; run "x"; }', { host });
    const [image, run] = ops(step(plan, 'solve').definition);
    expect(image).toMatchObject({
      source: { identifier: `docker-image://docker.io/acme/a:1@sha256:${'1'.repeat(64)}` },
    });
    expect(run).toMatchObject({ platform: { Variant: 'v8' }, exec: { meta: { cwd: '/w', env: ['P=1'] } } });
  });

  test('are not asked about where only their files are wanted', async () => {
    const asked: string[] = [];
    await planOf('fs default() { scratch; copy fs { image "acme/a:1"; } "/x" "/x"; }', {
      host: {
        imageConfig: async ({ ref }) => {
          asked.push(ref);
          return undefined;
        },
      },
    });
    expect(asked).toEqual([]);
  });

  test('that can not be resolved are told of at their reference, each once', async () => {
    const failing = {
      imageConfig: async () => {
        throw new Error('acme/a:1: not found');
      },
    };
    expect(
      await errors('fs a() { image "acme/a:1"; run "x"; }\nfs default() { a; copy a "x" "/x"; }', { host: failing }),
    ).toEqual(['HLB0521 1:16 acme/a:1: not found']);
  });
});

describe('the shell', () => {
  test('is what later runs of a single text are given to, and is part of the image config', async () => {
    const plan = await planOf(
      'fs default() { image "busybox"; shell "/bin/ash" "-ec"; run "a b"; run "c" "d"; dockerPush "acme/f"; }',
    );
    const [, first, second] = ops(step(plan, 'output').definition);
    expect(first).toMatchObject({ exec: { meta: { args: ['/bin/ash', '-ec', 'a b'] } } });
    expect(second).toMatchObject({ exec: { meta: { args: ['c', 'd'] } } });
    const [push] = step(plan, 'output').outputs;
    const config: unknown = push?.kind === 'push' ? JSON.parse(resolveLater(push.config, none)) : undefined;
    expect(config).toMatchObject({ config: { Shell: ['/bin/ash', '-ec'] } });
  });
});

describe('problems', () => {
  test('every one of every statement is reported, also of values that are replaced', async () => {
    expect(
      await errors(
        `
fs default() {
	image "Not A Ref!"
	local "gone"
	image "busybox"
	run "x" with network("hots")
}`,
        { host: { path: async (path) => ({ kind: 'missing', realPath: path }) } },
      ),
    ).toEqual([
      'HLB0515 4:8 there is no file or directory gone',
      'HLB0504 3:8 "Not A Ref!" is no image reference',
      'HLB0505 6:23 "hots" is no network mode: expected unset, host or none',
    ]);
  });

  test.each([
    ['network', 'network text', 'HLB0505', []],
    ['security', 'security text', 'HLB0506', []],
    ['host', 'host "h" text', 'HLB0509', []],
    ['secret', 'secret text "/s"', 'HLB0516', []],
    ['a mount that is kept', 'mount scratch "/m" with cache("id", text)', 'HLB0507', ['4:2 mount']],
  ])('the calls of option functions that led to a bad option are told: %s', async (_, option, code, inside) => {
    const program = `
option::run outer(string text) { inner text; }
option::run inner(string text) {
	${option}
}
fs job(option::run given) { image "busybox"; run "x" with given; }
fs direct() { image "busybox"; run "x" with option { outer "q"; }; }
fs passed() { job outer("q"); }`;
    const frames = async (target: string): Promise<readonly string[]> => {
      const host: Partial<Facts> = { path: async (path) => ({ kind: 'missing', realPath: path }) };
      const { diagnostics } = await compileText(program, { sessionId: 'live', targets: [target], host });
      expect(diagnostics.map((found) => found.code)).toEqual([code]);
      return (diagnostics[0]?.frames ?? []).map(({ file, start, end }) => {
        const { line, column } = file.position(start);
        return `${line}:${column} ${file.text.slice(start, end)}`;
      });
    };
    expect(await frames('direct')).toEqual(['7:32 run', '7:54 outer', '2:34 inner', ...inside]);
    expect(await frames('passed')).toEqual(['8:19 outer', '2:34 inner', ...inside]);
  });

  test('a definition that no engine takes is told of with its size and its largest op', async () => {
    const [message] = await errors(`fs default() { scratch; mkfile "/big" 0o644 "${'x'.repeat(17 * 1024 * 1024)}"; }`);
    expect(message).toMatch(/^HLB0524 1:25 the definition of the target default takes 17\.0 MiB/);
  });

  test('places are left out of a definition that only they make too big: a program of 17 MiB', async () => {
    const padding = `# ${'x'.repeat(17 * 1024 * 1024)}\n`;
    const { definition } = step(await planOf(`${padding}fs default() { image "a"; }`), 'solve');
    expect(definitionBytes(resolveLater(definition, none)).length).toBeLessThan(1024);
  });

  test('a failing command of the host says what it printed', async () => {
    const { diagnostics } = await compileText('string default() { localRun "echo out; exit 3"; }', {
      host: { command: async () => ({ output: 'out\n', discarded: 'err\n', exit: 3 }) },
    });
    expect(diagnostics.map(shown)).toEqual(['HLB0520 1:20 the command ended with exit code 3: echo out; exit 3']);
    expect(diagnostics[0]?.notes).toEqual(['It printed:\nout', 'It printed:\nerr']);
  });
});

test('every stage can be looked at', async () => {
  const result: CompileResult = await compileText(fiveUses, { sessionId: 'live' });
  expect(result.ir?.ops.filter(({ kind }) => kind === 'local')).not.toHaveLength(1);
  expect(result.irAfter('dedupe-locals')?.ops.filter(({ kind }) => kind === 'local')).toHaveLength(1);
  expect(result.passes.find(({ name }) => name === 'dedupe-locals')?.stats).toEqual([
    { name: 'locals', before: 5, after: 1 },
  ]);
  expect([...result.timings.keys()]).toContain('pass dedupe-locals');
});

test('what is given to a function of a loaded module is checked by its parameters', async () => {
  const lib = check(
    parse(sourceFile('lib.hlb', 'export f\n\nfs f(option::run p) {\n\timage "alpine"\n\trun "true" with p\n}\n'))
      .module,
  );
  const loadedModules = new Map([['lib', { checked: lib, directory: '.', imports: new Map() }]]);
  const main = (given: string) => `import lib from "./lib.hlb"\n\nfs default() {\n\tlib.f ${given}\n}\n`;
  const good = await compileText(main('option { env "A" "b"; }'), { loadedModules });
  expect(good.diagnostics).toEqual([]);
  expect(good.optimized && printModule(good.optimized, { origins: false })).toContain('env "A" "b"');
  const bad = await compileText(main('"text"'), { loadedModules });
  expect(bad.diagnostics.map(({ severity }) => severity)).toEqual(['error']);
  expect(bad.plan).toBeUndefined();
});
