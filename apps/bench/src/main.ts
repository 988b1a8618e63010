import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedPlace } from './place.js';
import { json, type LimitResult, limitLine, markdown } from './report.js';
import { type ContestResult, runContest } from './run-contest.js';
import { scenarios } from './scenarios/index.js';

/**
 * Runs the named scenarios, or all; writes a Markdown table to standard output and `bench.json` and `bench.md` into the folder
 * of `HLB_BENCH_OUT` (default: `bench-results` in the current directory). Exit code 1 if a figure is over its limit, 2 for a name that is
 * none.
 */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    console.error(
      `error: there is no scenario ${unknown.join(', ')}\n  help: There are ${scenarios.map((scenario) => scenario.name).join(', ')}.`,
    );
    return 2;
  }
  const note = (line: string): void => console.error(line);
  const shared = sharedPlace(note);
  const results: ContestResult[] = [];
  const limits: LimitResult[] = [];
  try {
    for (const scenario of scenarios) {
      if (names.length > 0 && !names.includes(scenario.name)) continue;
      note(`${scenario.name}: ${scenario.what}`);
      const folder = await mkdtemp(join(tmpdir(), `hlb-bench-${scenario.name}-`));
      const interrupted = (): void => {
        rmSync(folder, { recursive: true, force: true });
        process.exit(130);
      };
      process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
      try {
        const prepared = await scenario.prepare({ ...shared, folder });
        try {
          for (const contest of prepared.contests) results.push(await runContest(contest, note));
          for (const { measure, ...limit } of prepared.limits ?? []) {
            const result = { ...limit, ...(await measure()), load: loadavg()[0] ?? 0 };
            limits.push(result);
            note(limitLine(result));
          }
        } finally {
          await prepared.dispose();
        }
      } finally {
        process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
        await rm(folder, { recursive: true, force: true });
      }
    }
  } finally {
    await shared.dispose();
  }
  const out = process.env.HLB_BENCH_OUT ?? 'bench-results';
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'bench.json'), json(results, limits));
  await writeFile(join(out, 'bench.md'), markdown(results, limits));
  console.log(markdown(results, limits));
  return limits.some(({ figure, most }) => !(figure <= most)) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
