/**
 * Runs passes from outside in a thread of their own, where they can be stopped whatever they do. Started by `loadOutsidePasses`;
 * modules cross as text.
 */
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { InternalError, sourceFile } from '@hlb/diagnostics';
import { isList, isRecord } from '../../schema/values.js';
import { parseModule } from '../../text/parse.js';
import { printModule } from '../../text/print.js';
import { verify } from '../../verify/verify.js';
import { factAnswers } from '../facts.js';
import { failureOf, PassFailure, violationNotes } from '../failure.js';
import { findingDiagnostic } from '../finding.js';
import { freezeModule } from '../freeze.js';
import { isPass } from '../is-pass.js';
import type { Pass } from '../pass.js';
import type { PassStat } from '../run-passes.js';
import type { PassDescription, WorkerAnswer, WorkerRequest, WorkerStart } from './protocol.js';
import { encodeSpans } from './span-data.js';

const port = parentPort;

/** What schemas made of options, by the number that stands for it outside. */
const options: unknown[] = [];

function answer(message: WorkerAnswer): void {
  port?.postMessage(message);
}

void start(workerData);

async function start({ url, path }: WorkerStart): Promise<void> {
  try {
    let value: unknown = await import(url);
    for (const step of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
    const passes = isList(value) ? value : [value];
    if (passes.length === 0 || !passes.every(isPass)) {
      answer({ kind: 'not-loaded', message: `has no pass made by definePass as its ${path.join('.')}`, notes: [] });
      return;
    }
    port?.on('message', (request: WorkerRequest) => void serve(passes, request));
    answer({ kind: 'loaded', passes: passes.map(describe) });
  } catch (error) {
    const { message, notes } = failureOf(error);
    answer({ kind: 'not-loaded', message, notes: [...notes, ...syntaxNotes(error, url)] });
  }
}

/** Node tells a program that imports a file what is wrong with its syntax, but not where. */
function syntaxNotes(error: unknown, url: string): readonly string[] {
  const isShown = error instanceof SyntaxError && url.startsWith('file:') && /\.[cm]?js$/.test(url);
  return isShown ? [`node --check ${fileURLToPath(url)} shows where`] : [];
}

function describe(pass: Pass): PassDescription {
  return {
    name: pass.name,
    doc: pass.doc,
    needs: pass.needs ?? [],
    after: pass.after ?? [],
    before: pass.before ?? [],
    required: pass.required ?? false,
    facts: pass.facts ?? [],
    hasOptions: pass.options !== undefined,
    idempotent: pass.idempotent ?? false,
    keepsMeaning: pass.keepsMeaning ?? false,
  };
}

async function serve(all: readonly Pass[], request: WorkerRequest): Promise<void> {
  const { id } = request;
  try {
    const pass = all[request.pass];
    if (pass === undefined) throw new InternalError(`there is no pass ${request.pass}`);
    answer(request.kind === 'options' ? await validate(pass, request) : await run(pass, request));
  } catch (error) {
    const { code, message, notes, helps } = error instanceof PassFailure ? error : failureOf(error);
    answer({ kind: 'failed', id, code, message, notes, helps });
  }
}

type OptionsRequest = Extract<WorkerRequest, { readonly kind: 'options' }>;
type RunRequest = Extract<WorkerRequest, { readonly kind: 'run' }>;

async function validate(pass: Pass, { id, value }: OptionsRequest): Promise<WorkerAnswer> {
  const result = await pass.options?.['~standard'].validate(value);
  // Only what can cross: schemas may put more into an issue.
  const issues = result?.issues?.map(({ message, path: steps = [] }) => ({
    message: String(message),
    path: steps.map((step) => String(isRecord(step) ? step.key : step)),
  }));
  const made = result !== undefined && result.issues === undefined ? result.value : undefined;
  return { kind: 'options', id, value: options.push(made) - 1, issues };
}

async function run(pass: Pass, request: RunRequest): Promise<WorkerAnswer> {
  const { id, text, facts, platform } = request;
  const { module, diagnostics } = parseModule(sourceFile('<module>', text));
  if (module === undefined) throw new InternalError(`the module did not arrive: ${diagnostics[0]?.message}`);
  freezeModule(module);
  const findings: unknown[] = [];
  const stats: PassStat[] = [];
  const result = await pass.run(module, {
    options: request.options === undefined ? undefined : options[request.options],
    facts: factAnswers(facts, pass.facts ?? [], platform),
    // An abort ends the whole thread.
    signal: new AbortController().signal,
    report(finding) {
      findingDiagnostic(pass.name, finding);
      findings.push(encodeSpans(finding, module.files));
    },
    stat: (name, before, after) => stats.push({ name: String(name), before: Number(before), after: Number(after) }),
  });
  if (result === module) return { kind: 'result', id, text: undefined, findings, stats };
  const violations = verify(result);
  if (violations.length > 0) {
    throw new PassFailure('HLB0621', 'gave back a broken module', violationNotes(violations, result));
  }
  return { kind: 'result', id, text: printModule(result), findings, stats };
}
