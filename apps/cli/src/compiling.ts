import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CheckedModule } from '@hlb/checker';
import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import {
  type EngineFacts,
  type Facts,
  FactsFileError,
  type FactsRecording,
  hostFacts,
  joinFacts,
  offlineStepFacts,
  recordedFacts,
  recordFacts,
} from '@hlb/facts';
import type { CompileOptions } from '@hlb/lowering';
import {
  type CompiledWithModules,
  compileWithModules,
  type LoadModulesOptions,
  loadModules,
  type ModuleEngine,
  ModuleOffers,
  type ReadProgram,
  VENDOR_FOLDER,
  VendorFolder,
} from '@hlb/modules';
import { CommandError } from './command-error.js';
import type { Io } from './process/io.js';
import type { CompileFlags } from './program/options.js';

/** Facts for a compile, and the writing down of what was asked where `--record-facts` wants it. */
export interface CompileFacts {
  readonly facts: Facts;
  /** Where modules are offered that the facts then have. */
  readonly offers: ModuleOffers;
  /** To be told what was pushed, so that it is recorded, too. */
  pushed(ref: string, digest: string): void;
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
  const offers = new ModuleOffers();
  const steps = { ...offlineStepFacts(), moduleFile: offers.moduleFile.bind(offers) };
  const live =
    flags.facts === undefined ? joinFacts(host, engine, steps) : recordedFacts(await factsJson(io, flags.facts), host);
  const { recordFacts: path } = flags;
  if (path === undefined) return { facts: live, offers, pushed: () => {}, record: async () => {} };
  const recording = recordFacts(live);
  const { facts, pushed } = recording;
  return { facts, offers, pushed, record: () => writeFacts(resolve(io.cwd, path), recording) };
}

/**
 * Compiles a program as the flags say, with its imports. Relative paths of a program lead from its own folder; of one on standard input
 * from here. Modules that have to be built are, where there is an engine and the facts are live.
 */
export async function compileProgram(
  program: SourceFile | ReadProgram,
  path: string,
  flags: CompileFlags,
  more: Pick<CompileOptions, 'allow' | 'severalPlatforms' | 'signal' | 'passes' | 'skipped'> & {
    readonly asked: CompileFacts;
    readonly modules: ModuleEngine | undefined;
    readonly sessionId?: string;
  },
): Promise<CompiledWithModules> {
  const { asked, modules, ...rest } = more;
  return compileWithModules(program, {
    targets: flags.target.length === 0 ? ['default'] : flags.target,
    path: path === '-' ? undefined : path,
    platform: flags.platform?.split(',')[0] ?? hostPlatformName(),
    level: flags.O === '0' ? 'O0' : 'default',
    ...(flags.verify === true ? { verify: true } : {}),
    facts: asked.facts,
    offers: asked.offers,
    ...(modules === undefined || flags.facts !== undefined ? {} : { engine: modules }),
    folders: vendorFolders(await asked.facts.cwd(), path),
    ...rest,
  });
}

/** What is wrong with what a program imports, as far as that can be read without building or running anything. */
export async function importMistakes(
  io: Io,
  path: string,
  checked: CheckedModule,
  wanted: LoadModulesOptions['wanted'],
  flags: Pick<CompileFlags, 'facts'> = {},
): Promise<readonly Diagnostic[]> {
  if (checked.imports.length === 0) return [];
  const { facts, offers } = await compileFacts(io, flags, undefined, new AbortController().signal);
  const loaded = await loadModules(checked, {
    ...{ wanted, path: path === '-' ? undefined : path, facts, offers, quiet: true },
    platform: hostPlatformName(),
    folders: vendorFolders(await facts.cwd(), path),
  });
  return loaded.diagnostics;
}

/** Where copies of a program's modules may be: beside it, or, where they were always looked for, here. */
export function vendorFolders(cwd: string, path: string): readonly VendorFolder[] {
  const beside = path === '-' ? cwd : dirname(resolve(cwd, path));
  return [...new Set([beside, cwd])].map((folder) => new VendorFolder(join(folder, VENDOR_FOLDER)));
}

/** `linux/` and this machine's architecture, as images name it. */
export function hostPlatformName(): string {
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
