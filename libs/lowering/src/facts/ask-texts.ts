import type { Diagnostic } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import { type CommandOp, type IrModule, type ManifestOp, type OpId, operands, opId, type Text } from '@hlb/ir';
import type { Level } from '../elaborate/evaluation.js';
import { LoweringProblem } from '../lower/problem.js';
import { isStringOp, type StringOp, templateProblem } from '../lower/texts.js';
import { type FillOp, fillText } from '../text/fill.js';
import { TemplateError } from '../text/template/error.js';
import { runHostCommand } from './host-command.js';
import { writeKnownTexts, writeText } from './known-texts.js';
import { manifestText } from './manifest-text.js';

export interface AskTextsOptions {
  readonly facts: Facts;
  readonly level: Level;
  /** The default platform, for manifests. */
  readonly platform: string;
}

/**
 * Asks host and registries for the texts of a module: variables, commands in the order of the program, manifests all at once. Texts
 * that follow from them are filled in. What depends on a push, be it a command or a manifest, stays as it is: steps of the build ask for
 * it.
 */
export async function askTexts(
  module: IrModule,
  options: AskTextsOptions,
): Promise<{ readonly module: IrModule; readonly diagnostics: readonly Diagnostic[] }> {
  const asking = new TextAsking(options);
  for (let index = 0; index < module.ops.length; index += 1) {
    const op = module.ops[index];
    if (op !== undefined && isStringOp(op)) await asking.visit(op, index);
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
    const args = await this.#texts(op.args);
    if (args === undefined) return;
    const { facts } = this.#options;
    const [cwd, home] = await Promise.all([facts.cwd(), facts.home()]);
    this.#set(index, await this.#answered(runHostCommand(op, args, { cwd, home }, facts)));
  }

  async #manifest(op: ManifestOp, index: number): Promise<void> {
    const { ref, platform } = op;
    const texts = await this.#texts([ref, ...(platform === undefined ? [] : [platform.os, platform.arch])]);
    if (texts === undefined) return;
    const [name = '', ...words] = texts;
    const question = { ref: name, platform: platform === undefined ? undefined : words.join('/') };
    this.#set(index, this.#answered(manifestText(op, question, this.#options, this.#options.facts)));
  }

  /** The texts; `undefined` where one of them is only known later. */
  async #texts(texts: readonly Text[]): Promise<readonly string[] | undefined> {
    const answers = await Promise.all(texts.map((text) => this.#text(text)));
    const found = answers.filter((text) => text !== undefined);
    return found.length === answers.length ? found : undefined;
  }

  /** The answer; empty, and the problem reported, where there is none. */
  #answered(asking: Promise<string>): Promise<string> {
    return asking.catch((error: unknown) => {
      if (!(error instanceof LoweringProblem)) throw error;
      this.diagnostics.push(error.diagnostic);
      return '';
    });
  }
}

function known(id: OpId, answer: Answer | undefined): [OpId, string][] {
  return typeof answer === 'string' ? [[id, answer]] : [];
}
