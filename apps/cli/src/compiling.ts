import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SourceFile } from '@hlb/diagnostics';
import {
  type EngineFacts,
  type Facts,
  FactsFileError,
  type FactsRecording,
  hostFacts,
  joinFacts,
  recordedFacts,
  recordFacts,
} from '@hlb/facts';
import { type CompileOptions, type CompileResult, compile } from '@hlb/lowering';
import { CommandError } from './command-error.js';
import type { Io } from './io.js';
import type { CompileFlags } from './program.js';

/** Facts for a compile, and the writing down of what was asked where `--record-facts` wants it. */
export interface CompileFacts {
  readonly facts: Facts;
  /** Writes the file of `--record-facts`, if there is to be one. */
  record(): Promise<void>;
}

/** The facts that the flags ask for: from a file, or the host's with what an engine knows. */
export async function compileFacts(
  io: Io,
  flags: Pick<CompileFlags, 'facts' | 'recordFacts'>,
  engine: EngineFacts | undefined,
  signal: AbortSignal,
): Promise<CompileFacts> {
  const environment = new Map<string, string>();
  for (const [name, value] of Object.entries(io.env)) if (value !== undefined) environment.set(name, value);
  const host = hostFacts({ environment, cwd: io.cwd, ...(io.env.HOME ? { home: io.env.HOME } : {}), signal });
  const live =
    flags.facts === undefined ? joinFacts(host, engine) : recordedFacts(await factsJson(io, flags.facts), host);
  const { recordFacts: path } = flags;
  if (path === undefined) return { facts: live, record: async () => {} };
  const recording = recordFacts(live);
  return { facts: recording.facts, record: () => writeFacts(resolve(io.cwd, path), recording) };
}

/** Compiles a program as the flags say. Relative paths of a program lead from its own folder; of one on standard input from here. */
export function compileProgram(
  file: SourceFile,
  path: string,
  flags: CompileFlags,
  more: Pick<CompileOptions, 'facts' | 'signal' | 'passes'> & { readonly sessionId?: string },
): Promise<CompileResult> {
  return compile(file, {
    targets: flags.target.length === 0 ? ['default'] : flags.target,
    directory: path === '-' ? '.' : dirname(path),
    platform: flags.platform ?? hostPlatformName(),
    level: flags.O === '0' ? 'O0' : 'default',
    ...(flags.verify === true ? { verify: true } : {}),
    ...more,
  });
}

/** `linux/` and this machine's architecture, as images name it. */
function hostPlatformName(): string {
  const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386', arm: 'arm/v7' };
  return `linux/${architectures[process.arch] ?? process.arch}`;
}

async function factsJson(io: Io, path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(io.cwd, path), 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`cannot read the facts in ${JSON.stringify(path)}: ${reason}`, { cause: error });
  }
}

async function writeFacts(path: string, recording: FactsRecording): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(recording.toJSON(), undefined, 2)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`cannot write the facts to ${JSON.stringify(path)}: ${reason}`, { cause: error });
  }
}

/** What is wrong with a file of facts, as a message of a command; other errors pass. */
export function factsFailure(error: unknown): unknown {
  return error instanceof FactsFileError ? new CommandError(error.message, { cause: error }) : error;
}
