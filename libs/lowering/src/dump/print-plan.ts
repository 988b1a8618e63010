import { type Definition, printDefinition } from '@hlb/llb';
import type { FactStep, Later, Output, Plan, Step, StepId } from '@hlb/plan';

/** A plan for people: a step a paragraph, in order, with what it waits for, what the session serves, and its definition. */
export function printPlan(plan: Plan): string {
  const lines = [`platform ${plan.platform}`, ''];
  const bodies: Bodies = new Map();
  for (const step of plan.steps) lines.push(...printStep(step, bodies), '');
  for (const target of plan.targets) {
    const text = target.text === undefined ? '' : `: ${printLater(target.text, (value) => JSON.stringify(value))}`;
    lines.push(`target ${target.name}${text}${printSteps(', done with', target.steps)}`);
  }
  return `${lines.join('\n')}\n`;
}

const asked: Readonly<Record<FactStep['asks'], string>> = {
  command: 'a command',
  manifest: 'a manifest',
  'image-config': 'an image config',
  variable: 'a variable',
  paths: 'paths',
  'known-hosts': 'known hosts',
};

/** The lines of definitions that were printed before: many steps may read the same. */
type Bodies = Map<Definition, readonly string[]>;

function printStep(step: Step, bodies: Bodies): readonly string[] {
  const { session } = step;
  return [
    `${step.id}: ${step.name}${printSteps(', after', step.after)}`,
    ...step.entitlements.map((entitlement) => `  allows ${entitlement}`),
    ...session.directories.map(({ name, path, include, exclude }) => {
      const filters = [...include.map((pattern) => `+${pattern}`), ...exclude.map((pattern) => `-${pattern}`)];
      return `  directory ${name}: ${[path, ...filters].join(' ')}`;
    }),
    ...session.secrets.map(({ id, path }) => `  secret ${id}: ${path}`),
    ...session.agents.map(({ id, source }) => {
      const where =
        source.kind === 'environment' ? 'SSH_AUTH_SOCK' : source.kind === 'paths' ? source.paths.join(' ') : source.url;
      return `  agent ${id}: ${where}`;
    }),
    ...(step.lateNeeds === undefined ? [] : [`  needs more ${printLater(step.lateNeeds, () => '')}`]),
    ...printWork(step, bodies),
  ];
}

function printWork(step: Step, bodies: Bodies): readonly string[] {
  switch (step.kind) {
    case 'frontend': {
      const attrs = printLater(step.attrs, (map) => [...map].map(([key, value]) => `${key}=${value}`).join(' '));
      const inputs = [...step.inputs].flatMap(([key, definition]) => [
        `  input ${key}`,
        ...printBody(definition, bodies),
      ]);
      return [`  frontend ${step.frontend}: ${attrs}`, ...inputs];
    }
    case 'fact':
      return [`  asks for ${asked[step.asks]} (made of the results of ${step.needs.join(', ')})`];
    case 'solve':
      return printBody(step.definition, bodies);
    case 'output':
      return [
        ...step.outputs.map((output) => `  output ${printOutput(output)}`),
        ...printBody(step.definition, bodies),
      ];
  }
}

function printBody(definition: Later<Definition>, bodies: Bodies): readonly string[] {
  if (definition.kind === 'later') return [`    ${printLater(definition, () => '')}`];
  const before = bodies.get(definition.value);
  if (before !== undefined) return before;
  const lines = printDefinition(definition.value)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd());
  bodies.set(definition.value, lines);
  return lines;
}

function printOutput(output: Output): string {
  const text = (later: Later<string>): string => printLater(later, (value) => value);
  switch (output.kind) {
    case 'directory':
    case 'tar':
    case 'oci-tar':
      return `${output.kind} ${text(output.path)}`;
    case 'docker-tar':
      return `${output.kind} ${text(output.path)} ${text(output.ref)}`;
    case 'push': {
      const form = [...(output.stargz ? ['stargz'] : []), ...(output.forceCompression ? ['compressed anew'] : [])];
      return ['push', text(output.ref), ...form].join(' ');
    }
    case 'load':
      return `load ${text(output.ref)}`;
  }
}

function printLater<T>(later: Later<T>, print: (value: T) => string): string {
  return later.kind === 'known' ? print(later.value) : `(made of the results of ${later.needs.join(', ')})`;
}

function printSteps(word: string, steps: readonly StepId[]): string {
  return steps.length === 0 ? '' : `${word} ${steps.join(', ')}`;
}
