import { type Io, write } from './process/io.js';

/** A stage of a compile or a build, and how long it took. */
interface StageTime {
  readonly stage: string;
  readonly milliseconds: number;
  /** Of the whole, 0 to 1. */
  readonly share: number;
  /** Of the passes, in their order. */
  readonly passes?: readonly Omit<StageTime, 'passes'>[];
}

/** What `compile` puts before the names of passes among its timings. */
const PASS = 'pass ';

/**
 * Writes how long each stage and each pass took to standard error: one aligned table, or with `--json` one document on a line. Passes
 * are part of the stage `passes`, which also asks for their facts and checks what they made.
 */
export async function writeTimings(io: Io, timings: ReadonlyMap<string, number>, json: boolean): Promise<void> {
  const { stages, milliseconds } = stageTimes(timings);
  await write(
    io.stderr,
    json ? `${JSON.stringify({ timings: { milliseconds, stages } })}\n` : timingsTable(stages, milliseconds),
  );
}

function stageTimes(timings: ReadonlyMap<string, number>): {
  readonly stages: readonly StageTime[];
  readonly milliseconds: number;
} {
  const all = [...timings];
  const stages = all.filter(([name]) => !name.startsWith(PASS));
  const passes = all
    .filter(([name]) => name.startsWith(PASS))
    .map(([name, time]) => [name.slice(PASS.length), time] as const);
  const milliseconds = stages.reduce((sum, [, time]) => sum + time, 0);
  const row = ([stage, time]: readonly [string, number]): StageTime => ({
    stage,
    milliseconds: time,
    share: milliseconds === 0 ? 0 : time / milliseconds,
  });
  return {
    stages: stages.map((each) => (each[0] === 'passes' ? { ...row(each), passes: passes.map(row) } : row(each))),
    milliseconds,
  };
}

function timingsTable(stages: readonly StageTime[], milliseconds: number): string {
  const rows = stages.flatMap(({ passes = [], ...stage }) => [
    cells(stage.stage, stage.milliseconds, stage.share),
    ...passes.map((pass) => cells(`  ${pass.stage}`, pass.milliseconds, pass.share)),
  ]);
  const lines = [['stage', 'time', 'share'], ...rows, cells('whole', milliseconds, 1)];
  const width = (column: number): number => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  const widths = [width(0), width(1), width(2)] as const;
  return lines
    .map(([name = '', time = '', share = '']) => {
      return `${name.padEnd(widths[0])}  ${time.padStart(widths[1])}  ${share.padStart(widths[2])}\n`;
    })
    .join('');
}

function cells(name: string, milliseconds: number, share: number): string[] {
  return [name, `${milliseconds.toFixed(1)} ms`, `${(share * 100).toFixed(1)} %`];
}
