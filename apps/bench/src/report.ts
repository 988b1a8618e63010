import { cpus, totalmem } from 'node:os';
import type { ContestResult } from './run-contest.js';

/** What a limit came to. */
export interface LimitResult {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly most: number;
  readonly figure: number;
  /** Other figures of the same run. */
  readonly beside?: string;
  /** The load average of the machine in the minute before. */
  readonly load: number;
}

/** Markdown tables of results. */
export function markdown(results: readonly ContestResult[], limits: readonly LimitResult[]): string {
  const tables = [
    ...(results.length > 0 ? [contestTable(results)] : []),
    ...(limits.length > 0 ? [limitTable(limits)] : []),
  ];
  return tables.join('\n');
}

/** One limit as it is told while the bench runs. */
export function limitLine({ name, unit, most, figure, beside, load }: LimitResult): string {
  const more = beside === undefined ? '' : `; ${beside}`;
  return `${name}: ${figure.toFixed(0)} ${unit}, at most ${most.toFixed(0)} (load ${load.toFixed(1)})${more}`;
}

function limitTable(limits: readonly LimitResult[]): string {
  const rows = limits.map(({ name, what, unit, most, figure, beside = '', load }) => [
    name,
    what,
    `${figure.toFixed(0)} ${unit}`,
    `${most.toFixed(0)} ${unit}`,
    figure <= most ? 'within' : 'over',
    beside,
    load.toFixed(1),
  ]);
  const head = ['limit', 'what', 'figure', 'most', '', 'beside', 'load'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function contestTable(results: readonly ContestResult[]): string {
  const rows = results.map((result) => {
    const { ours, peer } = result;
    const other =
      'missing' in peer ? [`missing: ${peer.missing}`, '', ''] : [peer.label, time(peer), megabytes(peer.peak)];
    return [
      result.name,
      time(ours),
      megabytes(ours.peak),
      ...other,
      result.ratio === undefined ? '' : result.ratio.toFixed(2),
    ];
  });
  const head = ['contest', 'hlb', 'peak', 'peer', 'its time', 'its peak', 'ratio'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `Median wall time (minimum – maximum) of runs in turn; peak resident memory; ratio = ours / peer's.\n\n${lines.join('\n')}\n`;
}

/** All figures and the machine that they are of. */
export function json(results: readonly ContestResult[], limits: readonly LimitResult[]): string {
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, memory: totalmem(), node: process.version };
  return `${JSON.stringify({ machine, results, limits }, undefined, 2)}\n`;
}

function time(figures: {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}): string {
  return `${milliseconds(figures.median)} (${milliseconds(figures.min)} – ${milliseconds(figures.max)}, ${figures.runs})`;
}

function milliseconds(value: number): string {
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return bytes === 0 ? '' : `${(bytes / 1e6).toFixed(0)} MB`;
}
