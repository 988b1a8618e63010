import { type Diagnostic, diagnostic, InternalError } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import type { IrModule } from '../module.js';
import { isList, isRecord } from '../schema/values.js';
import { verifyChange } from '../verify/change.js';
import { verify } from '../verify/verify.js';
import { setContextFacts } from './context-facts.js';
import { type FactKind, type FactTable, factAnswers, factKinds, fetchFacts } from './facts.js';
import { brokenDiagnostic, PassFailure, thrownDiagnostic } from './failure.js';
import { findingDiagnostic } from './finding.js';
import { freezeModule } from './freeze.js';
import { issuePath } from './options.js';
import { orderPasses } from './order.js';
import type { Pass, PassContext, PassUse } from './pass.js';

export interface RunPassesOptions {
  /** Without a port nothing is known, as with `--offline`. */
  readonly facts?: Facts;
  /** The platform of images that don't say one, `os/arch`. */
  readonly platform?: string;
  /** Whether the module is verified before all and after each pass that changed it. Passes from outside always are. */
  readonly verify?: boolean;
  readonly signal?: AbortSignal;
  /** Names of passes that exist and don't run here. */
  readonly known?: readonly string[];
  /** Milliseconds that a pass from outside may take before it is given up. Default: 60,000. */
  readonly timeLimit?: number;
  /** Told after each pass that ran to its end. */
  readonly onPass?: (report: PassReport, module: IrModule) => void;
}

export interface PassReport {
  readonly name: string;
  readonly changed: boolean;
  /** Milliseconds that the pass itself took, without facts and verification. */
  readonly duration: number;
  /** How many ops there were before and after. */
  readonly ops: { readonly before: number; readonly after: number };
  readonly stats: readonly PassStat[];
}

export interface PassStat {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

export interface PassesResult {
  /** What the last pass that succeeded gave. */
  readonly module: IrModule;
  /** Whether all passes ran and none reported an error. */
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Of each pass that ran, in order. */
  readonly reports: readonly PassReport[];
}

const defaultTimeLimit = 60_000;

/**
 * Orders the passes and runs them one after the other. Whatever goes wrong in one is a diagnostic with its name, and ends the
 * run; only an abort rejects, with the signal's reason, and an `InternalError` of a pass of the project.
 */
export async function runPasses(
  module: IrModule,
  passes: readonly (Pass | PassUse)[],
  options: RunPassesOptions = {},
): Promise<PassesResult> {
  const uses = passes.map((pass) => ('pass' in pass ? pass : { pass }));
  const { order, diagnostics: orderFaults } = orderPasses(uses, options.known);
  const diagnostics: Diagnostic[] = [...orderFaults];
  const prepared: PreparedPass[] = [];
  for (const use of order) {
    const result = await prepare(use);
    diagnostics.push(...result.diagnostics);
    prepared.push(result);
  }
  const reports: PassReport[] = [];
  let current = module;
  if (diagnostics.length === 0 && options.verify === true) {
    const violations = verify(module);
    if (violations.length > 0) {
      diagnostics.push(brokenDiagnostic('HLB0630', 'the module is broken before any pass', violations, module));
    }
  }
  let ok = !diagnostics.some(isError);
  for (const pass of prepared) {
    if (!ok) break;
    options.signal?.throwIfAborted();
    const outcome = await runOne(pass, current, options);
    diagnostics.push(...outcome.diagnostics);
    if (outcome.module === undefined) {
      ok = false;
      break;
    }
    current = outcome.module;
    reports.push(outcome.report);
    options.onPass?.(outcome.report, current);
    ok = !outcome.diagnostics.some(isError);
  }
  return { module: current, ok, diagnostics, reports };
}

interface PreparedPass {
  readonly use: PassUse;
  /** What the schema made of the options. */
  readonly options: unknown;
  readonly facts: readonly FactKind[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks what a pass asks for and what its user says of it. */
async function prepare(use: PassUse): Promise<PreparedPass> {
  const { pass } = use;
  const diagnostics: Diagnostic[] = [];
  const known = new Set<string>(factKinds);
  const facts = pass.facts ?? [];
  for (const kind of facts) {
    if (known.has(kind)) continue;
    diagnostics.push(
      diagnostic('HLB0627', {
        message: `the pass ${pass.name} asks for facts of the kind ${kind}, which there are not`,
        notes: [`kinds of facts: ${factKinds.join(', ')}`],
        helps: ['a newer version of this tool may have them'],
      }),
    );
  }
  let options: unknown;
  if (pass.options === undefined) {
    if (use.options !== undefined) {
      diagnostics.push(diagnostic('HLB0613', { message: `the pass ${pass.name} takes no options` }));
    }
  } else {
    try {
      const result = await pass.options['~standard'].validate(use.options);
      if (result.issues === undefined) options = result.value;
      else {
        for (const issue of result.issues) {
          const path = issuePath(issue);
          const what = path === '' ? `the options of the pass ${pass.name}` : `option ${path} of the pass ${pass.name}`;
          diagnostics.push(diagnostic('HLB0613', { message: `${what}: ${issue.message}` }));
        }
      }
    } catch (error) {
      diagnostics.push(thrownDiagnostic(pass.name, error));
    }
  }
  return { use, options, facts, diagnostics };
}

type Outcome =
  | { readonly module: undefined; readonly diagnostics: readonly Diagnostic[] }
  | { readonly module: IrModule; readonly report: PassReport; readonly diagnostics: readonly Diagnostic[] };

async function runOne(prepared: PreparedPass, module: IrModule, options: RunPassesOptions): Promise<Outcome> {
  const { use } = prepared;
  const { pass } = use;
  const diagnostics: Diagnostic[] = [];
  const failed = (found: Diagnostic): Outcome => ({ module: undefined, diagnostics: [...diagnostics, found] });

  let table: FactTable | undefined;
  if (prepared.facts.length > 0 && options.facts !== undefined) {
    const fetched = await fetchFacts(module, prepared.facts, options.facts, options.platform);
    table = fetched.table;
    for (const { reason, text } of fetched.failures) {
      const at = text?.at;
      diagnostics.push(
        diagnostic('HLB0624', {
          message: reason,
          notes: [`the pass ${pass.name} wants to know it`],
          ...(at === undefined ? {} : { at }),
        }),
      );
    }
    if (fetched.failures.length > 0) return { module: undefined, diagnostics };
  }

  const stats: PassStat[] = [];
  const context: PassContext = {
    options: prepared.options,
    facts: factAnswers(table, prepared.facts, options.platform),
    signal: options.signal ?? new AbortController().signal,
    report(finding) {
      diagnostics.push(findingDiagnostic(pass.name, finding));
    },
    stat: (name, before, after) => stats.push({ name, before, after }),
  };
  setContextFacts(context, { table, platform: options.platform });
  const checked = options.verify === true || use.outside === true;
  if (checked) freezeModule(module);
  const start = performance.now();
  let result: IrModule;
  try {
    result = await withinLimit(
      Promise.resolve(pass.run(module, context)),
      use.outside === true ? (use.timeLimit ?? options.timeLimit ?? defaultTimeLimit) : undefined,
      options.signal,
    );
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof InternalError && use.outside !== true) throw error;
    return failed(thrownDiagnostic(pass.name, error));
  }
  const duration = performance.now() - start;
  const changed = result !== module;
  if (changed) {
    const fault = resultFault(pass.name, module, result, checked);
    if (fault !== undefined) return failed(fault);
  }
  const ops = { before: module.ops.length, after: result.ops.length };
  return { module: result, report: { name: pass.name, changed, duration, ops, stats }, diagnostics };
}

/** What is wrong with the module that a pass gave back. */
function resultFault(name: string, module: IrModule, result: IrModule, checked: boolean): Diagnostic | undefined {
  if (!isRecord(result) || !isList(result.ops)) {
    return diagnostic('HLB0621', { message: `the pass ${name} gave back no module` });
  }
  if (!checked) return undefined;
  const violations = verify(result);
  if (violations.length > 0) {
    return brokenDiagnostic('HLB0621', `the pass ${name} gave back a broken module`, violations, result);
  }
  const changes = verifyChange(module, result);
  if (changes.length > 0) {
    return brokenDiagnostic('HLB0622', `the pass ${name} changed what it must keep`, changes, result);
  }
  return undefined;
}

/** The work's result; rejects when it takes longer than `limit` ms or the signal is aborted. */
async function withinLimit<T>(
  work: Promise<T>,
  limit: number | undefined,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (limit === undefined && signal === undefined) return work;
  const { promise: stopped, reject } = withRejection<never>();
  const onAbort = (): void => reject(signal?.reason);
  const timer =
    limit === undefined
      ? undefined
      : setTimeout(() => reject(new PassFailure('HLB0623', `did not end within ${limit / 1000} s`)), limit);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function withRejection<T>(): { readonly promise: Promise<T>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((_resolve, no) => {
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, reject };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
