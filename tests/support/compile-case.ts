import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFile } from '@hlb/diagnostics';
import { hostFacts, joinFacts, recordedFacts } from '@hlb/facts';
import { type CompileResult, compile, dumpLlb, type Level } from '@hlb/lowering';
import type { ConformanceCase } from './conformance.js';

/** Compiles a conformance case with the facts that it names, and dumps its plan. */
export async function compileCase(
  each: ConformanceCase,
  level: Level = 'O0',
  skipped: readonly string[] = [],
): Promise<{ result: CompileResult; json: unknown }> {
  const options = record(each.expect['options']);
  const name = text(options['file']) ?? 'program.hlb';
  const file = sourceFile(name, readFileSync(join(each.folder, name), 'utf8'));
  const host = hostFacts({ cwd: each.folder, os: 'linux', arch: 'amd64' });
  const known = Object.fromEntries(
    ['env', 'cwd', 'images', 'registry', 'pushDigest'].flatMap((key) =>
      options[key] === undefined ? [] : [[key, options[key]]],
    ),
  );
  const facts = Object.keys(known).length === 0 ? joinFacts(host) : recordedFacts(known, host);
  const targets = each.expect['targets'];
  const result = await compile(file, {
    targets: Array.isArray(targets) ? targets : [text(each.expect['target']) ?? 'default'],
    directory: name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '.',
    facts,
    platform: text(options['platform']) ?? 'linux/amd64',
    level,
    skipped,
    verify: true,
  });
  const json = result.plan === undefined ? undefined : await dumpLlb(result.plan, { cwd: each.folder, facts });
  return { result, json: json === undefined ? undefined : JSON.parse(JSON.stringify(json)) };
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
