import { readFileSync } from 'node:fs';
import { sourceFile } from '@hlb/diagnostics';
import { hostFacts, joinFacts } from '@hlb/facts';
import { definitionBytes } from '@hlb/llb';
import { compile, type Level } from '@hlb/lowering';
import { resolveLater } from '@hlb/plan';

/**
 * What the compile scenario times as a process: compiles a file without an engine and encodes the definitions of its plan, as they
 * would be sent. Fails on a program with mistakes, and where the program does not expand to as many operations as it must. With a last argument
 * it prints what each stage took.
 */
async function main(level: string | undefined, path: string | undefined, ops: number, shown: boolean): Promise<void> {
  if (path === undefined || (level !== 'O0' && level !== 'default')) throw new Error('needs a level and a file');
  const started = performance.now();
  const result = await compile(sourceFile(path, readFileSync(path, 'utf8')), options(level));
  if (result.plan === undefined) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  const compiled = performance.now();
  let count = 0;
  let bytes = 0;
  for (const step of result.plan.steps) {
    if (step.kind === 'frontend' || step.kind === 'fact') throw new Error(`the program has a ${step.kind}`);
    const definition = resolveLater(step.definition, new Map());
    count += definition.def.length - 1;
    bytes += definitionBytes(definition).length;
  }
  // Above -O0 the passes make fewer of them.
  if (level === 'O0' ? count !== ops : count > ops) throw new Error(`there are ${count} operations instead of ${ops}`);
  if (!shown) return;
  for (const [stage, time] of result.timings) console.log(`${stage}: ${time.toFixed(0)} ms`);
  console.log(`wire: ${(performance.now() - compiled).toFixed(0)} ms, ${bytes} bytes`);
  console.log(
    `whole: ${(performance.now() - started).toFixed(0)} ms; CPU ${(process.cpuUsage().user / 1000).toFixed(0)} ms`,
  );
}

function options(level: Level): Parameters<typeof compile>[1] {
  return {
    facts: joinFacts(hostFacts({ environment: new Map(), cwd: process.cwd() })),
    platform: 'linux/amd64',
    level,
  };
}

const [level, path, ops, shown] = process.argv.slice(2);
await main(level, path, Number(ops), shown !== undefined);
