import { type Diagnostic, type DiagnosticInit, diagnostic } from '@hlb/diagnostics';
import { isList, isRecord } from '../schema/values.js';

/** The diagnostic for what a pass reports. Throws a `TypeError` where that is neither a diagnostic nor the parts of one. */
export function findingDiagnostic(pass: string, finding: unknown): Diagnostic {
  if (isDiagnostic(finding)) return finding;
  if (isInit(finding)) {
    return diagnostic('HLB0650', { ...finding, notes: [...(finding.notes ?? []), `reported by the pass ${pass}`] });
  }
  throw new TypeError('what it reports is no diagnostic: at least a message is wanted');
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return (
    isInit(value) &&
    'code' in value &&
    typeof value.code === 'string' &&
    'labels' in value &&
    isList(value.labels) &&
    isSeverity(value.severity) &&
    [value.notes, value.helps, value.fixes, value.frames].every(isList)
  );
}

function isInit(value: unknown): value is DiagnosticInit {
  return (
    isRecord(value) &&
    typeof value.message === 'string' &&
    (value.severity === undefined || isSeverity(value.severity)) &&
    [value.notes, value.helps, value.fixes, value.frames, value.related].every(
      (list) => list === undefined || isList(list),
    )
  );
}

function isSeverity(value: unknown): boolean {
  return value === 'error' || value === 'warning' || value === 'info';
}
