import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskFullError, EngineError, folderError } from '../engine-error.js';
import { type CommandResult, lastLines, runCommand } from '../host/command.js';
import { aptError } from './apt-error.js';
import type { Distribution } from './distribution.js';
import { installedPackages } from './dpkg-status.js';
import { type PackageSource, printSource } from './source-list.js';
import { sourcesForSuite } from './suite.js';

/** What a fetch of packages needs to know. */
export interface FetchOptions {
  readonly distribution: Distribution;
  readonly suite: string;
  /** apt's private state: lists, downloads, sources. */
  readonly work: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Which packages: exactly these, or also all that they need and the system lacks. */
export interface PackageChoice {
  readonly names: readonly string[];
  readonly withDependencies?: boolean;
}

/**
 * Downloads packages of a suite and unpacks them into `into`, without touching the system's packages, lists or settings:
 * apt runs on a state of its own (the system's proxies and credentials still apply) and verifies every download.
 * Each try of `sourcesForSuite` is made in turn; the first one's error is the one reported.
 */
export async function fetchPackages(choice: PackageChoice, into: string, options: FetchOptions): Promise<void> {
  const { suite, work, onProgress } = options;
  let failure: EngineError | undefined;
  for (const sources of sourcesForSuite(options.distribution, suite)) {
    try {
      const apt = await prepare(into, sources, options);
      if (!(await hasFreshLists(work))) {
        onProgress?.(`reading the package lists of ${suite} from ${sources[0]?.uri ?? ''}`);
        await apt(['update']);
        await writeFile(join(work, freshMarker), '');
      }
      onProgress?.(`downloading ${choice.names.join(', ')}`);
      if (choice.withDependencies)
        await apt(['install', '--no-install-recommends', '--download-only', '-y', ...choice.names]);
      else await apt(['download', ...choice.names]);
      failure = undefined;
      break;
    } catch (error) {
      if (!(error instanceof EngineError) || !mayTryElsewhere(error)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  await unpackAll(join(work, 'archives'), into, options);
  await rm(join(work, 'archives'), { recursive: true, force: true });
}

function mayTryElsewhere(error: EngineError): boolean {
  return ['no-suite', 'no-package', 'untrusted-packages', 'no-network', 'packages-failed'].includes(error.code);
}

/** Stands in apt's state once its lists are read. */
const freshMarker = 'lists-read';

/** Lists are good for the few fetches of one start, not for longer: what they name may be gone from the mirror tomorrow. */
const freshFor = 10 * 60_000;

async function hasFreshLists(work: string): Promise<boolean> {
  const marker = await stat(join(work, freshMarker)).catch(() => undefined);
  return marker !== undefined && Date.now() - marker.mtimeMs < freshFor;
}

type Apt = (args: readonly string[]) => Promise<CommandResult>;

async function prepare(into: string, sources: readonly PackageSource[], options: FetchOptions): Promise<Apt> {
  const { signal, suite, work } = options;
  const archives = join(work, 'archives');
  const sourceFile = join(work, 'engine.sources');
  const statusFile = join(work, 'status');
  const { architecture } = options.distribution;
  const sourceText = sources.map((source) => printSource(source, architecture)).join('\n');
  try {
    const before = await readFile(sourceFile, 'utf8').catch(() => undefined);
    const kept = before === sourceText && (await hasFreshLists(work));
    await rm(kept ? archives : work, { recursive: true, force: true });
    await mkdir(join(work, 'lists/partial'), { recursive: true });
    await mkdir(join(archives, 'partial'), { recursive: true });
    const status = await readFile('/var/lib/dpkg/status', 'utf8').catch(() => '');
    await writeFile(statusFile, installedPackages(status));
    await writeFile(sourceFile, sourceText);
  } catch (error) {
    throw folderError(error, work);
  }
  const settings = {
    'Dir::Etc::SourceList': sourceFile,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State::Lists': join(work, 'lists'),
    'Dir::State::Status': statusFile,
    'Dir::State::Extended_States': join(work, 'extended_states'),
    'Dir::Cache': work,
    'Dir::Cache::Archives': archives,
    'Dir::Log': work,
    'Acquire::Languages': 'none',
    // Rather a message than minutes of silence (apt waits 30 s and tries up to 3 times).
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '15',
    'Acquire::https::Timeout': '15',
    // Not as the user _apt, who can't write into a folder of ours.
    'APT::Sandbox::User': 'root',
    // A list that can't be fetched is an error, not a warning.
    'APT::Update::Error-Mode': 'any',
    // Only our own state is written, so the system's locks stay out of it.
    'Debug::NoLocking': 'true',
  };
  const base = ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
  return async (args) => {
    const result = await runCommand('apt-get', [...base, ...args], { cwd: archives, signal });
    if (result.exitCode === 0) return result;
    throw aptError(`${result.stdout}\n${result.stderr}`, {
      suite,
      folder: dirname(into),
      mirror: sources[0]?.uri ?? '',
    });
  };
}

async function unpackAll(archives: string, into: string, { signal, onProgress }: FetchOptions): Promise<void> {
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb')).sort();
  onProgress?.(`unpacking ${files.map((name) => name.replace(/_[^_]*$/, '').replace('_', ' ')).join(', ')}`);
  await mkdir(into, { recursive: true });
  for (const file of files) {
    const result = await runCommand('dpkg-deb', ['-x', join(archives, file), into], { signal });
    if (result.exitCode === 0) continue;
    if (/no space left/i.test(result.stderr)) throw diskFullError(dirname(into));
    throw new EngineError(
      'packages-failed',
      `The package ${file} can't be unpacked: ${lastLines(result.stderr, 1)}.`,
      'Run it again; if it stays, check the disk.',
    );
  }
}
