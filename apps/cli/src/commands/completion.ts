import { parse } from '@hlb/parser';
import type { Command } from 'commander';
import { answer, answerText, type Candidate } from '../completion/answer.js';
import { completionScripts, type Shell } from '../completion/scripts.js';
import { topics } from '../help/topics.js';
import { type Io, write } from '../process/io.js';
import { readSource } from '../source/source-input.js';

/** `hlb completion SHELL`: the script that a shell reads. */
export async function completion(io: Io, shell: Shell): Promise<number> {
  await write(io.stdout, completionScripts[shell]);
  return 0;
}

/** `hlb complete SHELL -- WORDS…`, which those scripts call: what may stand at the last word. */
export async function complete(io: Io, program: Command, words: readonly string[]): Promise<number> {
  const given = await answer(program, words, {
    targets: (file) => targetsOf(io, file),
    passes: async () => {
      const { pipeline } = await import('@hlb/lowering');
      return pipeline.map(({ pass, why }) => ({ value: pass.name, description: why }));
    },
    topics: async () => (await topics(io)).map(({ name, title }) => ({ value: name, description: title })),
  });
  await write(io.stdout, answerText(given));
  return 0;
}

/** The functions that can be run, with their kinds; none where the program can't be read. */
async function targetsOf(io: Io, file: string): Promise<readonly Candidate[]> {
  const source = await readSource(io, file).catch(() => undefined);
  if (source === undefined) return [];
  return parse(source).module.decls.flatMap((item) =>
    item.kind === 'func' &&
    !item.type.text.startsWith('option') &&
    item.params.items.every((param) => param.kind !== 'field')
      ? [{ value: item.name.text, description: item.type.text }]
      : [],
  );
}
