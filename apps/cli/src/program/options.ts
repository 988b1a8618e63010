import { InvalidArgumentError, Option } from 'commander';
import { isPlatformName } from '../config/config.js';
import type { PassFlags } from '../config/project.js';
import type { ColorChoice } from '../process/io.js';

/** `0` changes nothing but what must be; `1` is the default. */
export type OptimisationLevel = '0' | '1';

export interface GlobalOptions {
  readonly engine?: string;
  readonly color: ColorChoice;
}

export interface CompileFlags extends PassFlags {
  readonly target: readonly string[];
  readonly platform?: string;
  readonly O: OptimisationLevel;
  readonly facts?: string;
  readonly recordFacts?: string;
  readonly verify?: boolean;
  readonly timings?: boolean;
}

/** `-O`. */
export function levelOption(): Option {
  return new Option('-O <level>', 'how much to optimise: 0 gives exactly what the program says')
    .choices(['0', '1'])
    .default('1');
}

/** `--pass`. */
export function passOption(): Option {
  return new Option(
    '--pass <pass>',
    'a further pass: one that runs on request, a package or a path; options as in NAME:{"to":"x"} (may be repeated)',
  )
    .argParser(collect)
    .default([], 'none');
}

/** `--skip-pass`. */
export function skipPassOption(): Option {
  return new Option('--skip-pass <name>', 'leave an optional pass out (may be repeated)')
    .argParser(collect)
    .default([], 'none');
}

/** `--config`. */
export function configOption(): Option {
  return new Option('--config <file>', 'the configuration (default: hlb.config.ts, .js, .mjs or .json, found upward)');
}

/** `--no-config`. */
export function noConfigOption(): Option {
  return new Option('--no-config', 'leave the configuration aside');
}

/** Gathers an option that may be repeated. */
export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

/** Reads a number from 1 up. */
export function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('expected a number from 1 up');
  return number;
}

/** Reads OS/ARCH, or several with commas between; given again, they add up. */
export function platforms(value: string, earlier: string | undefined): string {
  for (const one of value.split(',')) platform(one);
  return earlier === undefined ? value : `${earlier},${value}`;
}

/** Reads OS/ARCH. */
export function platform(value: string): string {
  if (!isPlatformName(value)) {
    throw new InvalidArgumentError('expected OS/ARCH, such as linux/amd64');
  }
  return value;
}
