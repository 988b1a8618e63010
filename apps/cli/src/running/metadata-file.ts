import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Plan, StepId } from '@hlb/plan';
import type { OutputWritten } from '@hlb/runtime';
import { CommandError } from '../command-error.js';
import { hostErrorText } from '../host-error.js';
import type { Io } from '../process/io.js';

/** Outputs that are images. */
const images: ReadonlySet<OutputWritten['output']> = new Set(['push', 'load', 'oci-tar', 'docker-tar']);

/** What a target's outputs came to. */
type Metadata = Record<string, unknown>;

/**
 * What a build came to, by targets: the keys of the metadata file of docker buildx, and under `hlb.outputs` each output by itself. A
 * target with several images has the last one's digest, as several outputs of one build have there.
 */
export function buildMetadata(
  plan: Plan,
  outputs: readonly OutputWritten[],
  engine: { readonly docker: boolean },
): Readonly<Record<string, Metadata>> {
  return Object.fromEntries(
    plan.targets.map(({ name, steps }) => [name, targetMetadata(new Set(steps), outputs, engine)]),
  );
}

function targetMetadata(
  steps: ReadonlySet<StepId>,
  all: readonly OutputWritten[],
  { docker }: { readonly docker: boolean },
): Metadata {
  const own = all.filter(({ step }) => steps.has(step));
  const made = own.filter(({ output }) => images.has(output));
  const names = made.filter(({ output }) => output !== 'oci-tar' && output !== 'docker-tar');
  const last = own.at(-1);
  const answer = new Map(made.flatMap((output) => [...output.answer]));
  answer.delete('image.name');
  return {
    ...Object.fromEntries([...answer].map(([key, value]) => [key, readAnswer(key, value)])),
    ...(names.length === 0 ? {} : { 'image.name': names.map(({ destination }) => destination).join() }),
    // The builder and node of buildx that stand for Docker's own engine.
    ...(docker && last !== undefined ? { 'buildx.build.ref': `default/default/${last.ref}` } : {}),
    'hlb.outputs': own.map(({ output, destination, digest, ref }) => ({
      ...{ kind: output, destination, ref },
      ...(digest === undefined ? {} : { digest }),
    })),
  };
}

/** Some values are JSON, the descriptor's in base 64. */
function readAnswer(key: string, value: string): unknown {
  const text = key === 'containerimage.descriptor' ? Buffer.from(value, 'base64').toString() : value;
  if (!/^[{[]/.test(text)) return value;
  try {
    return JSON.parse(text);
  } catch {
    return value;
  }
}

/** Writes a metadata file, whole: under another name first, in a folder that is made where it is missing. */
export async function writeMetadata(io: Io, file: string, metadata: unknown): Promise<void> {
  const path = resolve(io.cwd, file);
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, `${JSON.stringify(metadata, null, 2)}\n`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new CommandError(`cannot write the metadata file ${JSON.stringify(file)}: ${hostErrorText(error)}`, {
      cause: error,
    });
  }
}
