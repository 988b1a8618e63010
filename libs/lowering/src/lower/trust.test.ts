import { check } from '@hlb/checker';
import { type Diagnostic, sourceFile } from '@hlb/diagnostics';
import type { Op, RunOption } from '@hlb/ir';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { elaborate } from '../elaborate/elaborate.js';
import type { ModuleInstance } from '../elaborate/scope.js';
import { LoweringProblem } from './problem.js';
import { requireTrust, trustIn } from './trust.js';

function instance(name: string, text: string, more: Partial<ModuleInstance> = {}): ModuleInstance {
  return { checked: check(parse(sourceFile(name, text)).module), directory: '.', imports: new Map(), ...more };
}

const wide = 'export wide\noption::run wide() { network "host"; }\n';
const inner = instance('inner.hlb', wide, { remote: true });
const remote = instance('remote.hlb', wide, { remote: true, imports: new Map([['inner', inner]]) });
const beside = instance('beside.hlb', wide, { imports: new Map([['far', remote]]) });
const program = instance('build.hlb', 'fs default() { scratch; }\n', { imports: new Map([['kit', beside]]) });

describe('modules from elsewhere', () => {
  test('are found however deep, and what is beside the program is none', () => {
    const names = [...trustIn([program], []).foreign].map(({ name }) => name);
    expect(names.sort()).toEqual(['inner.hlb', 'remote.hlb']);
  });

  test('that are met twice are walked once', () => {
    const imports = new Map<string, ModuleInstance>();
    const round = instance('round.hlb', wide, { remote: true, imports });
    imports.set('self', round);
    expect([...trustIn([round, round], []).foreign]).toEqual([round.checked.file]);
  });
});

type NetworkOption = Extract<RunOption, { readonly kind: 'network' }>;

/** The command of a program whose option stands in a module of that name, and the option's text. */
function commandWith(module: ModuleInstance): { readonly op: Op; readonly option: NetworkOption } {
  const text = 'import kit from "./kit.hlb"\nfs default() { image "a"; run "x" with kit.wide; }\n';
  const checked = check(parse(sourceFile('build.hlb', text)).module);
  const loadedModules = new Map([['kit', module]]);
  const { module: made } = elaborate(checked, { targets: ['default'], directory: '.', loadedModules });
  for (const op of made.ops) {
    const option = op.kind === 'run' ? op.options.find(({ kind }) => kind === 'network') : undefined;
    if (option?.kind === 'network') return { op, option };
  }
  throw new Error('the program has no command with a network');
}

/** What is said against it. */
function complaint(module: ModuleInstance, allowed: readonly string[] | undefined): Diagnostic | undefined {
  const { op, option } = commandWith(module);
  try {
    requireTrust(op, option, 'network.host', allowed === undefined ? undefined : trustIn([module], allowed));
    return undefined;
  } catch (error) {
    if (error instanceof LoweringProblem) return error.diagnostic;
    throw error;
  }
}

describe('a command that leaves its sandbox', () => {
  test('is refused where the option stands in a module from elsewhere, at the option', () => {
    const found = complaint(remote, []);
    expect(found).toMatchObject({
      code: 'HLB0534',
      severity: 'error',
      notes: ['remote.hlb was not read from this machine.'],
    });
    expect(found?.helps).toEqual(['If you trust it with that, add --allow network.host.']);
    const label = found?.labels.find(({ primary }) => primary);
    expect(label?.span.file.name).toBe('remote.hlb');
    expect(wide.slice(label?.span.start, label?.span.end)).toBe('"host"');
    expect(found?.frames.map(({ file, start }) => `${file.name} ${file.position(start).line}`)).toEqual([
      'build.hlb 2',
      'build.hlb 2',
    ]);
  });

  test('is allowed by the very entitlement, not by another', () => {
    expect(complaint(remote, ['network.host'])).toBeUndefined();
    expect(complaint(remote, ['security.insecure'])?.code).toBe('HLB0534');
  });

  test('is the own business of the program and of what stands beside it', () => {
    expect(complaint(instance('kit.hlb', wide), [])).toBeUndefined();
  });

  test('is not looked at where nobody asks for trust', () => {
    expect(complaint(remote, undefined)).toBeUndefined();
  });
});
