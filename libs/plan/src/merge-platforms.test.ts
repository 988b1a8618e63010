import { emptyDefinition } from '@hlb/llb';
import { describe, expect, test } from 'vitest';
import { mergePlatforms, PlatformsDiffer } from './merge-platforms.js';
import { withLateNeeds } from './needs.js';
import type {
  Agent,
  FrontendStep,
  Later,
  Needs,
  Output,
  OutputStep,
  Plan,
  SessionNeeds,
  Step,
  StepResult,
} from './plan.js';
import { stepId } from './plan.js';

const nothing: SessionNeeds = { directories: [], secrets: [], agents: [] };
const base = { after: [], session: nothing, entitlements: [], call: undefined };

function known<T>(value: T): Later<T> {
  return { kind: 'known', value };
}

/** A definition that can be told from others. */
function definition(name: string): typeof emptyDefinition {
  return { ...emptyDefinition, def: [new TextEncoder().encode(name)] };
}

function push(name: string, platform: string, more: Partial<OutputStep> = {}): OutputStep {
  const outputs: readonly Output[] = [
    { kind: 'push', ref: known(name), config: known(`config ${platform}`), stargz: false, forceCompression: false },
  ];
  return {
    ...base,
    kind: 'output',
    id: stepId('push-1'),
    name: `push ${name}`,
    definition: known(definition(platform)),
    outputs,
    ...more,
  };
}

function planOf(platform: string, steps: readonly Step[], text?: Later<string>): Plan {
  const target = { name: 'default', steps: steps.map(({ id }) => id), ...(text === undefined ? {} : { text }) };
  return { platform, steps, targets: [target] };
}

const amd64 = 'linux/amd64';
const arm64 = 'linux/arm64';

describe('plans for several platforms', () => {
  test('none is no plan, and one is itself', () => {
    expect(() => mergePlatforms([])).toThrow(RangeError);
    const plan = planOf(amd64, [push('a', amd64)]);
    expect(mergePlatforms([plan])).toBe(plan);
  });

  test('an output is solved once, with a part for each platform', () => {
    const merged = mergePlatforms([amd64, arm64].map((platform) => planOf(platform, [push('r/a', platform)])));
    expect(merged.platform).toBe(amd64);
    expect(merged.steps.map(({ id }) => id)).toEqual(['push-1']);
    expect(merged.targets).toEqual([{ name: 'default', steps: ['push-1'] }]);
    expect(merged.steps[0]).toMatchObject({
      definition: known(definition(amd64)),
      parts: [amd64, arm64].map((platform) => ({
        platform,
        definition: known(definition(platform)),
        configs: [known(`config ${platform}`)],
      })),
    });
  });

  test('what platforms need of the session is served once, and what any may do is allowed to all', () => {
    const agent: Agent = { id: 'default', source: { kind: 'environment' } };
    const secret = { id: 's', path: '/s' };
    const directory = { name: 'src', path: '/src', include: [], exclude: [] };
    const other = { ...directory, name: 'arm' };
    const merged = mergePlatforms([
      planOf(amd64, [
        push('a', amd64, {
          session: { directories: [directory], secrets: [secret], agents: [agent] },
          entitlements: ['security.insecure'],
        }),
      ]),
      planOf(arm64, [
        push('a', arm64, {
          session: { directories: [directory, other], secrets: [secret], agents: [agent] },
          entitlements: ['network.host', 'security.insecure'],
        }),
      ]),
    ]);
    expect(merged.steps[0]).toMatchObject({
      session: { directories: [directory, other], secrets: [secret], agents: [agent] },
      entitlements: ['network.host', 'security.insecure'],
    });
  });

  test.each<readonly [string, readonly Step[]]>([
    ['to another place', [push('b', arm64)]],
    [
      'of another kind',
      [{ ...base, kind: 'solve', id: stepId('push-1'), name: 'a', definition: known(definition('a')) }],
    ],
    ['of another order', [push('a', arm64, { id: stepId('push-2') })]],
    ['missing', []],
    ['more', [push('a', arm64), push('a', arm64, { id: stepId('push-2') })]],
  ])('an output that is %s on one of them can not be done together', (_, steps) => {
    const merge = () => mergePlatforms([planOf(amd64, [push('a', amd64)]), planOf(arm64, steps)]);
    expect(merge).toThrow(PlatformsDiffer);
    expect(merge).toThrow('is not the same for linux/amd64, linux/arm64');
  });
});

describe('frontends', () => {
  function withFrontend(platform: string): Plan {
    const frontend: FrontendStep = {
      ...base,
      kind: 'frontend',
      id: stepId('frontend-1'),
      name: 'frontend f',
      frontend: 'dockerfile.v0',
      attrs: known(new Map([['platform', platform]])),
      inputs: new Map([['context', known(definition(`context ${platform}`))]]),
    };
    const made: Later<typeof emptyDefinition> = {
      kind: 'later',
      needs: [frontend.id],
      make: (results) => {
        const result = results.get(frontend.id);
        return result?.kind === 'frontend' ? (result.definition ?? emptyDefinition) : definition('nothing');
      },
    };
    return planOf(platform, [frontend, push('a', platform, { definition: made, after: [frontend.id] })]);
  }

  const merged = mergePlatforms([withFrontend(amd64), withFrontend(arm64)]);

  test('run for each platform by itself, before what needs them', () => {
    expect(merged.steps.map(({ id, name }) => [id, name])).toEqual([
      ['frontend-1 linux/amd64', 'frontend f for linux/amd64'],
      ['frontend-1 linux/arm64', 'frontend f for linux/arm64'],
      ['push-1', 'push a'],
    ]);
    expect(merged.steps[2]?.after).toEqual(['frontend-1 linux/amd64', 'frontend-1 linux/arm64']);
    expect(merged.targets[0]?.steps).toEqual(['frontend-1 linux/amd64', 'push-1', 'frontend-1 linux/arm64']);
  });

  test('give each platform its own result', () => {
    const result = (name: string): StepResult => ({
      kind: 'frontend',
      definition: definition(name),
      metadata: new Map(),
    });
    const results = new Map([
      [stepId('frontend-1 linux/amd64'), result('for amd64')],
      [stepId('frontend-1 linux/arm64'), result('for arm64')],
    ]);
    const step = merged.steps[2];
    const parts = step?.kind === 'output' ? (step.parts ?? []) : [];
    const made = parts.map(({ definition: later }) => (later.kind === 'later' ? later : undefined));
    expect(made.map((later) => later?.needs)).toEqual([['frontend-1 linux/amd64'], ['frontend-1 linux/arm64']]);
    expect(made.map((later) => later?.make(results))).toEqual([definition('for amd64'), definition('for arm64')]);
  });
});

describe('the text of a target', () => {
  const textOf = (texts: readonly Later<string>[]): Later<string> | undefined =>
    mergePlatforms(texts.map((text, index) => planOf([amd64, arm64][index] ?? '', [push('a', amd64)], text))).targets[0]
      ?.text;

  test('stands once where all give the same', () => {
    expect(textOf([known('1.0'), known('1.0')])).toEqual(known('1.0'));
  });

  test('stands for each on a line of its own where they differ', () => {
    expect(textOf([known('x'), known('y')])).toEqual(known('linux/amd64: x\nlinux/arm64: y'));
  });

  test('that is known later is compared then', () => {
    const id = stepId('push-1');
    const later: Later<string> = {
      kind: 'later',
      needs: [id],
      make: (results) => {
        const result = results.get(id);
        return result?.kind === 'output' ? (result.response.get('digest') ?? '') : '';
      },
    };
    const text = textOf([later, known('sha256:a')]);
    if (text?.kind !== 'later') throw new Error('the text is known too early');
    const made = (digest: string): string =>
      text.make(new Map([[id, { kind: 'output', response: new Map([['digest', digest]]) }]]));
    expect(text.needs).toEqual([id]);
    expect(made('sha256:a')).toBe('sha256:a');
    expect(made('sha256:b')).toBe('linux/amd64: sha256:b\nlinux/arm64: sha256:a');
  });
});

test('what steps need that is made of results is joined, each with the results of its own platform', () => {
  const later = (path: string): Later<Needs> => ({
    kind: 'later',
    needs: [stepId('paths-1')],
    make: (results) => {
      const told = results.get(stepId('paths-1'));
      const secrets = [{ id: path, path: told?.kind === 'fact' ? told.text : '' }];
      return { session: { ...nothing, secrets }, entitlements: ['network.host'] };
    },
  });
  const merged = mergePlatforms([
    planOf(amd64, [push('a', amd64, { lateNeeds: later('one'), entitlements: ['security.insecure'] })]),
    planOf(arm64, [push('a', arm64, { lateNeeds: later('other') })]),
  ]);
  const [step] = merged.steps;
  expect(step?.lateNeeds).toMatchObject({ needs: ['paths-1'] });
  const needed = step && withLateNeeds(step, new Map([[stepId('paths-1'), { kind: 'fact', text: '/p' }]]));
  expect(needed?.session.secrets).toEqual([
    { id: 'one', path: '/p' },
    { id: 'other', path: '/p' },
  ]);
  expect(needed?.entitlements).toEqual(['network.host', 'security.insecure']);
});
