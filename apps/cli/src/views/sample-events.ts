import type { StepId } from '@hlb/plan';
import type { SolveEvent } from '@hlb/runtime';

const step = 'solve-1' as StepId;

/** A vertex event; times in ms. For tests of views. */
export function vertex(
  digest: string,
  name: string,
  change: { started?: number; completed?: number; cached?: boolean; error?: string } = {},
): SolveEvent {
  return { kind: 'vertex', step, digest, name, inputs: [], cached: false, ...change };
}

/** An event of a vertex that a call made; the group's name is its id, too. */
export function grouped(
  digest: string,
  name: string,
  call: string,
  change: { started?: number; completed?: number; cached?: boolean; error?: string } = {},
): SolveEvent {
  const progressGroup = { id: call, name: call, weak: false };
  return { kind: 'vertex', step, digest, name, inputs: [], cached: false, progressGroup, ...change };
}

/** A directory of this host that is being sent. */
export function transfer(name: string, bytes: number, direction: 'send' | 'receive' = 'send'): SolveEvent {
  return {
    ...({
      kind: 'transfer',
      time: 0,
      transfer: 1,
      direction,
      name,
      sessionId: 's',
      entries: 1,
      files: 1,
      bytes,
    } as const),
    ...{ state: 'running', warnings: [] },
  };
}

/** A warning of a Dockerfile's linter, with its place. */
export function warning(message: string, file: string, text: string, line: number): SolveEvent {
  return {
    ...{ kind: 'warning', step, vertex: 'sha256:a', level: 1, message, details: [], url: 'https://example.com/rule' },
    source: {
      ...{ file, data: Buffer.from(text) },
      ranges: [{ start: { line, character: 0 }, end: { line, character: 5 } }],
    },
  };
}

/** An output that stands at its place. */
export function output(
  kind: 'directory' | 'push' | 'load' | 'tar',
  destination: string,
  time: number,
  digest?: string,
): SolveEvent {
  return {
    ...({ kind: 'output', time, step, output: kind, destination, ref: 'ref', answer: new Map() } as const),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** A chunk of a vertex' log. */
export function log(digest: string, time: number, text: string, stream: 'stdout' | 'stderr' = 'stdout'): SolveEvent {
  return { kind: 'log', step, vertex: digest, time, stream, data: Buffer.from(text) };
}

/** A counter of a vertex. */
export function progress(digest: string, id: string, current: bigint, total: bigint, completed?: number): SolveEvent {
  return {
    ...({ kind: 'progress', step, vertex: digest, id, name: id, current, total } as const),
    ...(completed === undefined ? {} : { completed }),
  };
}
