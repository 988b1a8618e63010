import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec, file, imageSource, type Output as LlbOutput, localSource, marshal } from '@hlb/llb';
import { type FrontendStep, known, type OutputStep, type Plan, type SessionNeeds, type Step, stepId } from '@hlb/plan';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { SolveError, type SolveEvent } from '../events/events.js';
import { type Build, openBuild } from '../session/build.js';
import { execute } from './execute.js';

const platform = { os: 'linux', architecture: 'amd64' };
const noNeeds: SessionNeeds = { directories: [], secrets: [], agents: [] };
let build: Build;

beforeAll(async () => {
  build = await openBuild({ address: testEngine().address });
});

afterAll(() => build.close());

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hlb-runtime-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function base(): LlbOutput {
  return imageSource({ ref: `${testEngine().registry}/base` });
}

function shell(command: string): LlbOutput {
  return exec({ base: base(), args: ['/bin/sh', '-c', command], env: [['PATH', '/bin']], cwd: '/' }).root ?? base();
}

function mkfile(path: string, content: string): LlbOutput {
  return file({ base: undefined, actions: [{ kind: 'mkfile', path, mode: 0o644, data: Buffer.from(content) }] });
}

function common(id: string) {
  return { id: stepId(id), name: id, after: [], session: noNeeds, entitlements: [], call: undefined };
}

function solveStep(id: string, output: LlbOutput | undefined, session: SessionNeeds = noNeeds): Step {
  return { ...common(id), kind: 'solve', definition: known(marshal(output, { platform })), session };
}

function download(
  id: string,
  output: LlbOutput | undefined,
  path: string,
  change: Partial<OutputStep> = {},
): OutputStep {
  const definition = known(marshal(output, { platform }));
  return { ...common(id), kind: 'output', definition, outputs: [{ kind: 'directory', path: known(path) }], ...change };
}

function run(steps: readonly Step[]): Promise<SolveEvent[]> {
  const plan: Plan = { steps, targets: [], platform: 'linux/amd64' };
  return lastValueFrom(execute(plan, build).pipe(toArray()));
}

test('a solve: events from the opening to the completed step, vertices and logs of the command', async () => {
  const events = await run([solveStep('solve-1', shell(`echo hello ${Date.now()}`))]);
  expect(events[0]).toMatchObject({ kind: 'build-opened', sessionId: build.sessionId });
  expect(events.at(-1)).toMatchObject({ kind: 'step-completed', step: 'solve-1' });
  const logs = events.filter((event) => event.kind === 'log').map((event) => Buffer.from(event.data).toString());
  expect(logs.join('')).toMatch(/^hello \d+\n$/);
});

test('scratch needs no engine', async () => {
  const events = await run([solveStep('solve-1', undefined)]);
  expect(events.map((event) => event.kind)).toEqual(['build-opened', 'step-completed']);
});

test('several downloads at once, each to its own folder, never mix', async () => {
  const root = folder();
  const names = Array.from({ length: 12 }, (_, index) => `output-${index}`);
  const events = await run(
    names.map((name) => download(name, mkfile(`/${name}`, `content of ${name}`), join(root, name))),
  );
  for (const name of names) expect(readFileSync(join(root, name, name), 'utf8')).toBe(`content of ${name}`);
  expect(events.filter((event) => event.kind === 'output')).toHaveLength(names.length);
});

test('a local comes from the session of the build, also for a solve that sends back over another', async () => {
  const source = folder();
  const target = folder();
  writeFileSync(join(source, 'note.txt'), 'from here');
  const local = localSource({ name: 'src', sessionId: build.sessionId, sharedKeyHint: 'src' });
  const session = { ...noNeeds, directories: [{ name: 'src', path: source, include: [], exclude: [] }] };
  const events = await run([download('download-1', local, target, { session })]);
  expect(readFileSync(join(target, 'note.txt'), 'utf8')).toBe('from here');
  const sent = events.filter(
    (event) => event.kind === 'transfer' && event.direction === 'send' && event.state === 'done',
  );
  expect(sent).toMatchObject([{ name: 'src', sessionId: build.sessionId, files: 1 }]);
});

test("dockerfile.v0 with inputs: its result becomes the later step's graph", async () => {
  const target = folder();
  const dockerfile = mkfile('/Dockerfile', 'FROM scratch\nCOPY --from=context /data /data\n');
  const frontend: FrontendStep = {
    ...common('frontend-1'),
    kind: 'frontend',
    frontend: 'dockerfile.v0',
    attrs: known(new Map([['context:context', 'input:context']])),
    inputs: new Map([
      ['context', known(marshal(mkfile('/data', 'in the context'), { platform }))],
      ['dockerfile', known(marshal(dockerfile, { platform }))],
    ]),
  };
  const output = download('download-2', undefined, target, {
    after: [frontend.id],
    definition: {
      kind: 'later',
      needs: [frontend.id],
      make: (results) => {
        const result = results.get(frontend.id);
        if (result?.kind !== 'frontend' || result.definition === undefined) throw new Error('no definition');
        return result.definition;
      },
    },
  });
  await run([frontend, output]);
  expect(readFileSync(join(target, 'data'), 'utf8')).toBe('in the context');
});

test('a failing command: reason, exit code, vertex; what waits for it never starts', async () => {
  const target = join(folder(), 'out');
  const error = await run([
    solveStep('solve-1', shell('echo oh no >&2; exit 7')),
    download('download-2', mkfile('/a', 'a'), target, { after: [stepId('solve-1')] }),
  ]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SolveError);
  expect((error as SolveError).details).toMatchObject({ reason: 'command-failed', exitCode: 7, step: 'solve-1' });
  expect((error as SolveError).details.vertex).toMatch(/^sha256:/);
  expect(() => readFileSync(target)).toThrow(/ENOENT/);
});

test('a file that cannot be read is named, not the engine blamed', async () => {
  const missing = join(folder(), 'gone');
  const local = localSource({ name: 'gone', sessionId: build.sessionId, sharedKeyHint: 'gone' });
  const session = { ...noNeeds, directories: [{ name: 'gone', path: missing, include: [], exclude: [] }] };
  const error = await run([solveStep('solve-1', local, session)]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SolveError);
  expect((error as SolveError).details.reason).toBe('source-unreadable');
  expect((error as SolveError).message).toContain(missing);
});

test('a destination that is a file is told before anything is built', async () => {
  const path = join(folder(), 'file');
  writeFileSync(path, 'mine');
  const error = await run([download('download-1', mkfile('/a', 'a'), path)]).catch((thrown: unknown) => thrown);
  expect((error as SolveError).details.reason).toBe('output-failed');
  expect((error as SolveError).message).toContain(path);
  expect(readFileSync(path, 'utf8')).toBe('mine');
});

test('unsubscribing cancels on the engine: the command ends', async () => {
  const plan: Plan = {
    steps: [solveStep('solve-1', shell(`echo ${Date.now()}; sleep 300`))],
    targets: [],
    platform: 'linux/amd64',
  };
  await new Promise<void>((resolve, reject) => {
    const subscription = execute(plan, build).subscribe({
      next: (event) => {
        if (event.kind !== 'log') return;
        subscription.unsubscribe();
        resolve();
      },
      error: reject,
    });
  });
  // The engine is free again: a build on it ends.
  await run([solveStep('solve-1', shell(`echo ${Date.now()} after`))]);
});
