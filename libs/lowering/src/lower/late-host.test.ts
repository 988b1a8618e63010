import { check } from '@hlb/checker';
import { sourceFile } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import { parse } from '@hlb/parser';
import { type Plan, type Step, type StepFactPort, type StepResult, type StepResults, withLateNeeds } from '@hlb/plan';
import { describe, expect, test } from 'vitest';
import { compileText } from '../../../../tests/support/compile-text.js';
import type { ModuleInstance } from '../elaborate/scope.js';

const digest = `sha256:${'d'.repeat(64)}`;
const pushed = `
fs made() {
	scratch
	mkfile "/a" 0o644 "a"
	dockerPush "acme/f" as pin
}
`;

async function planOf(program: string, options: Parameters<typeof compileText>[1] = {}): Promise<Plan> {
  const { plan, diagnostics } = await compileText(pushed + program, { sessionId: 's', ...options });
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('there is no plan');
  return plan;
}

/** The results of a plan's steps, asked of a host that has what is given: whatever is pushed has one digest. */
async function resultsOf(plan: Plan, host: Partial<Facts> = {}): Promise<StepResults> {
  const refuse = async (): Promise<never> => Promise.reject(new Error('not asked'));
  const port: StepFactPort = {
    ...{ command: refuse, environment: refuse, imageConfig: refuse, manifest: refuse },
    ...{
      path: async (path) => ({ kind: 'missing', realPath: path }),
      files: async () => [],
      knownHosts: async () => [],
    },
    ...host,
  };
  const results = new Map<Plan['steps'][number]['id'], StepResult>();
  for (const step of plan.steps) {
    if (step.kind === 'output') {
      results.set(step.id, { kind: 'output', response: new Map([['containerimage.digest', digest]]) });
    } else if (step.kind === 'fact') results.set(step.id, await step.ask(results, port));
  }
  return results;
}

function last(plan: Plan): Step {
  const step = plan.steps.at(-1);
  if (step === undefined) throw new Error('there is no step');
  return step;
}
const problem = (code: string): Error => expect.objectContaining({ diagnostic: expect.objectContaining({ code }) });
const directory: Partial<Facts> = { path: async (path) => ({ kind: 'directory', realPath: `/real${path}` }) };
const file: Partial<Facts> = { path: async (path) => ({ kind: 'file', realPath: `/real${path}` }) };

describe('a local whose path is made of a pushed digest', () => {
  const program = 'fs default() { local "in-${pin}"; }\n';

  test('is looked up in a step of its own, and served to the solve after it', async () => {
    const plan = await planOf(program);
    expect(plan.steps).toMatchObject([
      { id: 'docker-push-1', session: { directories: [] } },
      { kind: 'fact', asks: 'paths', name: 'look up in-…', needs: ['docker-push-1'] },
      {
        kind: 'solve',
        session: { directories: [] },
        lateNeeds: { kind: 'later', needs: ['docker-push-1', 'paths-1'] },
        definition: { kind: 'later', needs: ['docker-push-1', 'paths-1'] },
      },
    ]);
    const step = last(plan);
    const results = await resultsOf(plan, directory);
    expect(withLateNeeds(step, results).session.directories).toEqual([
      { name: `in-${digest}`, path: `/real/work/in-${digest}`, include: [], exclude: [] },
    ]);
  });

  test('that is not there is an error at its argument', async () => {
    await expect(resultsOf(await planOf(program))).rejects.toEqual(problem('HLB0515'));
  });

  test('is looked up after the commands of the program that stand before it', async () => {
    const before = 'string out() { localRun "build ${pin}"; }\n';
    const plan = await planOf(
      `${before}fs default() { scratch; mkfile "/x" 0o644 out; copy local("in-\${pin}") "/" "/"; }\n`,
    );
    expect(plan.steps.find(({ id }) => id === 'paths-1')?.after).toContain('command-1');
  });
});

describe('what a command is served', () => {
  test('secrets and sockets of such paths', async () => {
    const plan = await planOf(
      `fs default() {
	image "busybox"
	run "x" with option {
		secret "known" "/run/known"
		secret "t-\${pin}" "/run/t" with includePatterns("*.key")
		forward "unix://./s-\${pin}/up" "/run/up"
	}
}
`,
      { host: file },
    );
    expect(plan.steps[1]).toMatchObject({ asks: 'paths', name: 'look up t-… unix://./s-…/up' });
    const asked: string[] = [];
    const results = await resultsOf(plan, {
      path: async (path) => {
        asked.push(path);
        return { kind: 'directory', realPath: path };
      },
      files: async () => ['a.key', 'b.txt'],
    });
    // What was known before was asked before.
    expect([...new Set(asked)].sort()).toEqual([`/s-${digest}`, `/work/s-${digest}`, `/work/t-${digest}`]);
    const step = last(plan);
    const { session } = withLateNeeds(step, results);
    expect(session.secrets.map(({ path }) => path).sort()).toEqual(['/real/work/known', `/work/t-${digest}/a.key`]);
    expect(session.agents).toMatchObject([{ source: { kind: 'forward', url: `unix:///work/s-${digest}/up` } }]);
  });

  test('a secret that is not there is an error at its option', async () => {
    const plan = await planOf('fs default() { image "a"; run "x" with secret("t-${pin}", "/t"); }\n');
    const results = await resultsOf(plan);
    expect(() => withLateNeeds(last(plan), results)).toThrow(problem('HLB0516'));
  });

  /** Results in which every question was answered with a text. */
  const toldBy = ({ steps }: Plan, text: string): StepResults =>
    new Map(steps.flatMap(({ id, kind }) => (kind === 'fact' ? [[id, { kind, text }]] : [])));

  test('modes of the network and of security, with what the engine must allow', async () => {
    const plan = await planOf(`
string found() { manifest "acme/f@\${pin}"; }
fs default() { image "a"; run "x" with option { network found; security "insecure"; }; }
`);
    expect(last(plan).entitlements).toEqual([]);
    const allowed = (text: string) => withLateNeeds(last(plan), toldBy(plan, text)).entitlements;
    expect(allowed('host')).toEqual(['network.host', 'security.insecure']);
    expect(allowed('none')).toEqual(['security.insecure']);
  });

  test('and a module from elsewhere must be allowed to ask for it', async () => {
    const text = `export wide
fs made() { scratch; dockerPush "acme/g" as pin; }
string found() { localRun "echo \${pin}"; }
option::run wide() { network found; }
`;
    const kit: ModuleInstance = {
      ...{
        checked: check(parse(sourceFile('kit.hlb', text)).module),
        directory: '.',
        imports: new Map(),
        remote: true,
      },
    };
    const program = 'import kit from "./kit.hlb"\nfs default() { image "a"; run "x" with kit.wide; }\n';
    const compiled = async (allow: readonly string[]): Promise<Plan> => {
      const loadedModules = new Map([['kit', kit]]);
      const { plan, diagnostics } = await compileText(program, { sessionId: 's', loadedModules, allow });
      if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
      return plan;
    };
    const plan = await compiled([]);
    expect(() => withLateNeeds(last(plan), toldBy(plan, 'host'))).toThrow(problem('HLB0534'));
    expect(withLateNeeds(last(plan), toldBy(plan, 'none')).entitlements).toEqual([]);
    const trusted = await compiled(['network.host']);
    expect(withLateNeeds(last(trusted), toldBy(trusted, 'host')).entitlements).toEqual(['network.host']);
  });
});

describe('a remote of git', () => {
  const program = 'fs default() { git "git@example.com:acme/${pin}.git" "main"; }\n';

  test('whose host is known', async () => {
    const plan = await planOf(program);
    expect(plan.steps[1]).toMatchObject({ kind: 'fact', asks: 'known-hosts' });
    const results = await resultsOf(plan, { knownHosts: async (host) => [`${host} ssh-ed25519 AAAA`] });
    const step = last(plan);
    expect(withLateNeeds(step, results).session.agents).toEqual([{ id: 'default', source: { kind: 'environment' } }]);
    if (step.kind !== 'solve' || step.definition.kind !== 'later') throw new Error('it is known too early');
    const [op] = step.definition.make(results).def;
    expect(Buffer.from(op ?? []).toString()).toContain('example.com ssh-ed25519 AAAA');
  });

  test('whose host is not known is an error, as of others', async () => {
    await expect(resultsOf(await planOf(program))).rejects.toEqual(problem('HLB0536'));
  });

  test('of the web needs nothing, and in the form of the reference nobody is asked', async () => {
    const web = await planOf('fs default() { git "https://example.com/${pin}.git" "main"; }\n');
    const results = await resultsOf(web);
    expect(withLateNeeds(last(web), results).session.agents).toEqual([]);
    expect((await planOf(program, { level: 'O0' })).steps.map(({ kind }) => kind)).toEqual(['output', 'solve']);
  });
});

test('a destination is a text of its output', async () => {
  const plan = await planOf('fs default() { scratch; download "out/${pin}"; }\n');
  const step = last(plan);
  const path = step.kind === 'output' && step.outputs[0]?.kind === 'directory' ? step.outputs[0].path : undefined;
  if (path?.kind !== 'later') throw new Error('it is known too early');
  expect(step.after).toContain('docker-push-1');
  expect(path.make(await resultsOf(plan))).toBe(`/work/out/${digest}`);
});
