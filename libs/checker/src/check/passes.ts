import { checkBlock, checkExpr, openWalk } from './calls/calls.js';
import { IMPORT, only } from './calls/place.js';
import { finishWalk } from './calls/walk.js';
import { declareBinds } from './declare/binds.js';
import { declareNames, type Occurrences, reportDuplicateFields, reportDuplicates } from './declare/declare.js';
import { noteTypeWord, reportTypeWords } from './declare/type-words.js';
import { checkCycles } from './evaluation/cycles.js';
import { openEvaluated } from './evaluation/reach.js';
import { checkValues } from './evaluation/values.js';
import { unknownExport } from './messages/names.js';
import { type CheckState, type FunctionEntry, type ImportEntry, report, type Scope } from './state.js';

/** One step of the checker. */
export interface CheckPass {
  readonly name: string;
  /** What it finds out and reports. */
  readonly checks: string;
  readonly run: (state: CheckState) => void;
}

/** The checker from first to last. Each pass reports all that it finds; none stops the others. */
export const checkPasses: readonly CheckPass[] = [
  {
    name: 'declarations',
    checks: 'enters functions, imports and names bound by `as`; reports binds that cannot be, and names that are taken',
    run(state) {
      const occurrences: Occurrences = new Map();
      declareNames(state, occurrences);
      declareBinds(state, occurrences);
      reportDuplicates(state, occurrences);
    },
  },
  {
    name: 'signatures',
    checks: 'kinds of functions and parameters, and names that a list of parameters or effects holds twice',
    run(state) {
      for (const entry of state.functions) checkSignature(state, entry);
    },
  },
  {
    name: 'exports',
    checks: 'what is exported exists',
    run: checkExports,
  },
  {
    name: 'imports',
    checks: 'what is imported is a path or a file system',
    run(state) {
      for (const entry of state.imports) {
        const walk = openWalk(state, importScope(entry));
        checkExpr(walk, entry.symbol.decl.expr, IMPORT);
        finishWalk(walk);
      }
    },
  },
  {
    name: 'bodies',
    checks: 'names, kinds, numbers of arguments, options and interpolations of every call',
    run(state) {
      for (const entry of state.functions) checkBody(state, entry);
      reportTypeWords(state);
    },
  },
  {
    name: 'values',
    checks: 'literals that evaluating would refuse: names of images, digests, times, addresses, modes',
    run: checkValues,
  },
  {
    name: 'cycles',
    checks: 'functions that would call themselves without end',
    run(state) {
      checkCycles(state, openEvaluated(state));
    },
  },
];

function importScope(entry: ImportEntry): Scope {
  return { unit: entry, params: [], effects: [] };
}

function checkSignature(state: CheckState, entry: FunctionEntry): void {
  const { decl } = entry.symbol;
  noteTypeWord(state, decl.type, decl.body);
  for (const { param } of entry.params) noteTypeWord(state, param.field.type, undefined);
  if (entry.params.length > 1) reportDuplicateFields(state, decl.params, 'parameter');
  if (decl.effects === undefined) return;
  for (const item of decl.effects.items) if (item.kind === 'field') noteTypeWord(state, item.type, undefined);
  reportDuplicateFields(state, decl.effects, 'effect');
}

function checkExports(state: CheckState): void {
  for (const decl of state.module.decls) {
    if (decl.kind !== 'export') continue;
    const name = decl.name.text;
    if (name === '' || state.entries.has(name) || state.lostNames.has(name)) continue;
    report(state, unknownExport(state, decl.name));
  }
}

function checkBody(state: CheckState, entry: FunctionEntry): void {
  const { decl } = entry.symbol;
  if (decl.body === undefined) return;
  const scope: Scope = { unit: entry, params: entry.params, effects: entry.effects };
  const walk = openWalk(state, scope);
  checkBlock(walk, decl.body, {
    kind: 'block',
    allowed: only(entry.word),
    type: decl.type,
    name: entry.name,
    options: undefined,
  });
  finishWalk(walk);
}
