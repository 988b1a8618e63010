import type { Diagnostic } from '@hlb/diagnostics';
import { type Facts, hostPath, type ImageRequest } from '@hlb/facts';
import { type CommandOp, type IrModule, type ManifestOp, type Op, type OpId, operands, opId, type Text } from '@hlb/ir';
import { normalizeImageReference } from '@hlb/names';
import type { Level } from '../elaborate/evaluation.js';
import { shellWords } from '../lower/ops/run.js';
import { BadValue, LoweringProblem, placed } from '../lower/problem.js';
import { isStringOp, lateProblem, type StringOp, templateProblem } from '../lower/texts.js';
import { type FillOp, fillText } from '../text/fill.js';
import { TemplateError } from '../text/template/error.js';
import { writeKnownTexts, writeText } from './known-texts.js';

export interface AskTextsOptions {
  readonly facts: Facts;
  readonly level: Level;
  /** The default platform, for manifests. */
  readonly platform: string;
}

/**
 * Asks host and registries for the texts of a module: variables, commands in the order of the program, manifests all at once. Texts
 * that follow from them are filled in. What depends on a push stays as it is.
 */
export async function askTexts(
  module: IrModule,
  options: AskTextsOptions,
): Promise<{ readonly module: IrModule; readonly diagnostics: readonly Diagnostic[] }> {
  const asking = new TextAsking(options);
  for (const [index, op] of module.ops.entries()) {
    if (isStringOp(op)) await asking.visit(op, index);
  }
  return { module: writeKnownTexts(module, await asking.finish()), diagnostics: asking.diagnostics };
}

/** What an asked text is: known, or on its way. */
type Answer = string | Promise<string | undefined>;

class TextAsking {
  readonly diagnostics: Diagnostic[] = [];
  readonly #options: AskTextsOptions;
  readonly #answers = new Map<number, Answer>();
  readonly #known = new Map<OpId, string>();

  constructor(options: AskTextsOptions) {
    this.#options = options;
  }

  async visit(op: StringOp, index: number): Promise<void> {
    const { facts } = this.#options;
    switch (op.kind) {
      case 'host-cwd':
        return this.#set(index, await facts.cwd());
      case 'host-os':
        return this.#set(index, await facts.os());
      case 'host-arch':
        return this.#set(index, await facts.arch());
      case 'host-env': {
        const key = await this.#text(op.key);
        if (key !== undefined) this.#set(index, (await facts.environment()).get(key) ?? '');
        return;
      }
      case 'command':
        return this.#command(op, index);
      case 'manifest':
        return this.#manifest(op, index);
      case 'push-digest':
        return;
      default:
        return this.#fill(op, index);
    }
  }

  /** The texts that are known in the end. */
  async finish(): Promise<ReadonlyMap<OpId, string>> {
    for (const [index, answer] of this.#answers) {
      const text = await answer;
      if (text !== undefined) this.#known.set(opId(index), text);
    }
    return this.#known;
  }

  #set(index: number, answer: Answer): void {
    this.#answers.set(index, answer);
  }

  async #text({ text }: Text): Promise<string | undefined> {
    return typeof text === 'string' ? text : this.#answers.get(text);
  }

  /** A text that follows from others; one that waits for a manifest does not hold up what comes after it. */
  #fill(op: FillOp, index: number): void {
    const ids = operands(op);
    const answers = ids.map((id) => this.#answers.get(id));
    if (answers.includes(undefined)) return;
    const waiting = answers.some((answer) => typeof answer !== 'string');
    if (!waiting) {
      this.#set(index, this.#filled(op, new Map(ids.flatMap((id) => known(id, this.#answers.get(id))))) ?? '');
      return;
    }
    const later = Promise.all(answers).then((texts) => {
      if (texts.includes(undefined)) return undefined;
      return this.#filled(op, new Map(ids.flatMap((id, place) => known(id, texts[place]))));
    });
    this.#set(index, later);
  }

  #filled(op: FillOp, texts: ReadonlyMap<OpId, string>): string | undefined {
    try {
      return fillText(op, (text) => {
        const { text: value } = writeText(text, texts);
        return typeof value === 'string' ? value : '';
      });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.diagnostics.push(templateProblem(op, error));
      return '';
    }
  }

  async #command(op: CommandOp, index: number): Promise<void> {
    const texts = await Promise.all(op.args.map((text) => this.#text(text)));
    const args = texts.filter((text) => text !== undefined);
    if (args.length < texts.length) {
      this.diagnostics.push(lateProblem(op, op.args[texts.indexOf(undefined)]));
      return this.#set(index, '');
    }
    const { facts } = this.#options;
    const [cwd, home] = await Promise.all([facts.cwd(), facts.home()]);
    const directory = hostPath(op.base, { base: '.', cwd, home }) ?? cwd;
    try {
      const words = commandWords(op, args);
      const result = await facts.command({ args: words, cwd: directory, capture: op.capture });
      if (result.exit !== 0 && !op.ignoreError) {
        this.diagnostics.push(failedCommand(op, words, result));
        return this.#set(index, '');
      }
      this.#set(index, result.output.replace(/\n+$/, ''));
    } catch (error) {
      this.diagnostics.push(problemOf(op, error, 'HLB0520', op.args[0]));
      this.#set(index, '');
    }
  }

  async #manifest(op: ManifestOp, index: number): Promise<void> {
    const ref = await this.#text(op.ref);
    const os = op.platform === undefined ? undefined : await this.#text(op.platform.os);
    const arch = op.platform === undefined ? undefined : await this.#text(op.platform.arch);
    if (ref === undefined || (op.platform !== undefined && (os === undefined || arch === undefined))) {
      this.diagnostics.push(lateProblem(op, ref === undefined ? op.ref : undefined));
      return this.#set(index, '');
    }
    const normalized = normalizeImageReference(ref);
    if (normalized === undefined) {
      const details = { message: `${JSON.stringify(ref)} is no image reference`, label: 'not a reference' };
      this.diagnostics.push(placed(op, new BadValue('HLB0504', details), op.ref));
      return this.#set(index, '');
    }
    const standard = this.#options.level === 'O0' ? 'linux/amd64' : this.#options.platform;
    const request: ImageRequest = { ref: normalized, platform: op.platform === undefined ? standard : `${os}/${arch}` };
    this.#set(index, this.#askManifest(op, request));
  }

  async #askManifest(op: ManifestOp, request: ImageRequest): Promise<string> {
    try {
      const manifest = await this.#options.facts.manifest(request);
      if (manifest === undefined) return '';
      if (op.part !== 'index') return manifest[op.part];
      if (manifest.index !== undefined) return manifest.index;
      throw new BadValue('HLB0522', { message: `${request.ref} is a single image and has no index` });
    } catch (error) {
      this.diagnostics.push(problemOf(op, error, 'HLB0522', op.ref));
      return '';
    }
  }
}

function problemOf(op: Op, error: unknown, code: 'HLB0520' | 'HLB0522', text: Text | undefined): Diagnostic {
  if (error instanceof LoweringProblem) return error.diagnostic;
  if (error instanceof BadValue) return placed(op, error, text);
  if (error instanceof Error) return placed(op, new BadValue(code, { message: error.message }), text);
  throw error;
}

/** The words of a command: a single text is a shell's, unless it is to be split. */
function commandWords(op: CommandOp, args: readonly string[]): readonly string[] {
  const [only = ''] = args;
  if (args.length !== 1) return args;
  return op.shlex ? shellWords(only) : ['/bin/sh', '-c', only];
}

function failedCommand(
  op: CommandOp,
  words: readonly string[],
  result: { readonly output: string; readonly discarded: string; readonly exit: number | string },
): Diagnostic {
  const how = typeof result.exit === 'number' ? `with exit code ${result.exit}` : `by ${result.exit}`;
  const shown = words[0] === '/bin/sh' && words[1] === '-c' ? (words[2] ?? '') : words.join(' ');
  const said = [result.output, result.discarded].map((text) => text.trimEnd()).filter((text) => text !== '');
  return placed(
    op,
    new BadValue('HLB0520', {
      message: `the command ended ${how}: ${shown}`,
      notes: said.map((text) => `It printed:\n${text.split('\n').slice(-20).join('\n')}`),
    }),
    undefined,
  );
}

function known(id: OpId, answer: Answer | undefined): [OpId, string][] {
  return typeof answer === 'string' ? [[id, answer]] : [];
}
