import { dirname } from 'node:path';
import { type LintSeverity, lintRules } from '@hlb/checker';
import { readSettingsKeys, settingsKeys } from './check-settings.js';
import { type Config, type ConfiguredPass, isPlatformName, logOutputs, type RunDefaults } from './config.js';
import { isCount, isRecord, isText, Reader } from './reader.js';

/** What stands for a pass that is itself in the configuration: it stays in the thread that read it. */
export interface InlinePass {
  readonly inlinePass: true;
}

/** Reads what a configuration file gave. Throws a `CommandError` that names the key that is wrong. */
export function checkConfig(path: string, shown: string, value: unknown): Config {
  const reader = new Reader(shown);
  const root = reader.record('', value, ['$schema', 'passes', 'skipPasses', 'lint', 'run']);
  const lint = reader.record('lint', root.lint ?? {}, ['rules']);
  return {
    path,
    passes: reader
      .list('passes', root.passes ?? [])
      .map((row, place) => readPass(reader, `passes[${place}]`, row, place)),
    skipPasses: reader.names('skipPasses', root.skipPasses),
    lint: { rules: readRules(reader, lint.rules ?? {}) },
    run: readRun(reader, root.run ?? {}, dirname(path)),
  };
}

function readPass(reader: Reader, key: string, value: unknown, place: number): ConfiguredPass {
  const row = reader.record(key, value, ['pass', 'options', 'before', 'after', 'timeLimit']);
  const { pass, options, timeLimit } = row;
  if (timeLimit !== undefined && !(typeof timeLimit === 'number' && timeLimit > 0)) {
    throw reader.wrong(`${key}.timeLimit`, 'must be a number of seconds');
  }
  return {
    pass: readPassName(reader, `${key}.pass`, pass, place),
    ...(options === undefined ? {} : { options }),
    before: reader.names(`${key}.before`, row.before),
    after: reader.names(`${key}.after`, row.after),
    ...(timeLimit === undefined ? {} : { timeLimit: timeLimit * 1000 }),
  };
}

function readPassName(reader: Reader, key: string, pass: unknown, place: number): ConfiguredPass['pass'] {
  if (typeof pass === 'string' && pass !== '') return pass;
  if (isRecord(pass) && pass.inlinePass === true) return { inline: place };
  throw reader.wrong(key, 'must be the name of a pass or a package, a path, or a pass made by definePass');
}

const severities: readonly LintSeverity[] = ['off', 'info', 'warning', 'error'];

function readRules(reader: Reader, value: unknown): Readonly<Record<string, LintSeverity>> {
  const names = lintRules.flatMap(({ name, code }) => [name, code as string]);
  const rules: Record<string, LintSeverity> = {};
  for (const [name, given] of Object.entries(reader.record('lint.rules', value, names, 'hlb lint'))) {
    const severity = severities.find((each) => each === given);
    if (severity === undefined) throw reader.wrong(`lint.rules.${name}`, `must be one of ${severities.join(', ')}`);
    rules[name] = severity;
  }
  return rules;
}

function readRun(reader: Reader, value: unknown, folder: string): RunDefaults {
  const { engine, platform, logOutput, jobs, keepGoing, ...others } = reader.record('run', value, [
    'engine',
    'platform',
    'logOutput',
    'jobs',
    'keepGoing',
    ...settingsKeys,
  ]);
  const form = logOutputs.find((each) => each === logOutput);
  if (engine !== undefined && !isText(engine)) throw reader.wrong('run.engine', 'must be the address of an engine');
  const platforms = platform === undefined || Array.isArray(platform) ? platform : [platform];
  if (platforms?.every((one: unknown) => isText(one) && isPlatformName(one)) === false || platforms?.length === 0) {
    throw reader.wrong('run.platform', 'must be OS/ARCH, such as linux/amd64, or a list of them');
  }
  if (logOutput !== undefined && form === undefined) {
    throw reader.wrong('run.logOutput', `must be one of ${logOutputs.join(', ')}`);
  }
  if (jobs !== undefined && !isCount(jobs)) throw reader.wrong('run.jobs', 'must be a whole number from 1 up');
  if (keepGoing !== undefined && typeof keepGoing !== 'boolean') {
    throw reader.wrong('run.keepGoing', 'must be true or false');
  }
  return {
    ...(engine === undefined ? {} : { engine }),
    ...(platforms === undefined ? {} : { platform: platforms.join() }),
    ...(form === undefined ? {} : { logOutput: form }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...readSettingsKeys(reader, others, folder),
  };
}
