import type { Diagnostic, Severity } from './diagnostic.js';
import { diagnosticRows } from './registry.js';
import type { Span } from './source-file.js';

/** What a SARIF log says of the tool that made it. */
export interface SarifTool {
  readonly name: string;
  readonly version: string;
  readonly informationUri?: string;
  /** Makes the address of a code's page. */
  readonly helpUri?: (code: string) => string;
}

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * Diagnostics as a log in SARIF 2.1.0 (OASIS), an object to be written as JSON. Files are named relative to `%SRCROOT%`; places
 * in files that exist only in the compiler are left out.
 */
export function diagnosticsToSarif(found: readonly Diagnostic[], tool: SarifTool): object {
  const codes = [...new Set(found.map((one) => one.code))].sort();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            ...(tool.informationUri === undefined ? {} : { informationUri: tool.informationUri }),
            rules: codes.map((code) => ruleOf(code, tool)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The directory in which the tool was started.' } } },
        results: found.map((one) => resultOf(one, codes.indexOf(one.code))),
      },
    ],
  };
}

function ruleOf(code: string, tool: SarifTool): object {
  const row = diagnosticRows.find((one) => one.code === code);
  return {
    id: code,
    ...(row === undefined
      ? {}
      : {
          shortDescription: { text: row.title },
          fullDescription: { text: row.explanation, markdown: row.explanation },
        }),
    ...(tool.helpUri === undefined ? {} : { helpUri: tool.helpUri(code) }),
  };
}

function resultOf(found: Diagnostic, ruleIndex: number): object {
  const labels = found.labels.filter((label) => isArtifact(label.span));
  const primary = labels.find((label) => label.primary);
  const related = labels.filter((label) => label !== primary);
  const text = [found.message, ...found.notes, ...found.helps].join('\n');
  return {
    ruleId: found.code,
    ruleIndex,
    level: LEVELS[found.severity],
    message: { text },
    locations: primary === undefined ? [] : [locationOf(primary.span, primary.message)],
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((label, id) => ({ id, ...locationOf(label.span, label.message) })) }),
    ...(found.frames.length === 0
      ? {}
      : { stacks: [{ frames: [...found.frames].reverse().map((frame) => ({ location: locationOf(frame, '') })) }] }),
    ...(found.fixes.length === 0 ? {} : { fixes: found.fixes.map(fixOf) }),
  };
}

function fixOf(fix: Diagnostic['fixes'][number]): object {
  const files = [...new Set(fix.edits.map((edit) => edit.span.file))];
  return {
    description: { text: fix.title },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifactOf(file.name),
      replacements: fix.edits
        .filter((edit) => edit.span.file === file)
        .map((edit) => ({ deletedRegion: regionOf(edit.span), insertedContent: { text: edit.text } })),
    })),
  };
}

function locationOf(span: Span, message: string): object {
  return {
    physicalLocation: { artifactLocation: artifactOf(span.file.name), region: regionOf(span) },
    ...(message === '' ? {} : { message: { text: message } }),
  };
}

function isArtifact({ file }: Span): boolean {
  return !file.name.startsWith('<');
}

function artifactOf(name: string): object {
  const uri = name.split('/').map(encodeURIComponent).join('/');
  return name.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

function regionOf({ file, start, end }: Span): object {
  const from = file.position(start);
  const to = file.position(end);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}
