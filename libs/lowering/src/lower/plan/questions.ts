import { InternalError } from '@hlb/diagnostics';
import { type IrModule, type Op, type OpId, opId, type Text, texts } from '@hlb/ir';
import {
  type FactResult,
  type FactStep,
  type Later,
  resolveLater,
  type StepFactPort,
  type StepResults,
} from '@hlb/plan';
import { runHostCommand } from '../../facts/host-command.js';
import { manifestText } from '../../facts/manifest-text.js';
import { fillText, isFillOp } from '../../text/fill.js';
import { TemplateError } from '../../text/template/error.js';
import type { LoweringAnswers } from '../answers.js';
import type { LoweringContext } from '../lowerer.js';
import { BadValue, check, LoweringProblem, placed } from '../problem.js';
import { imageReference } from '../values.js';
import { type Definitions, opsOf } from './definitions.js';

/** Names of steps are cut to so many characters: they are for lists. */
const LONGEST_NAME = 120;

/**
 * What can only be asked once something is pushed, in order: commands of this host, variables and manifests whose texts are not known,
 * and images whose config is wanted.
 */
export function lateQuestions(module: IrModule, { lateConfigs }: LoweringAnswers): ReadonlySet<OpId> {
  const found = new Set<OpId>();
  for (const [index, op] of module.ops.entries()) {
    const id = opId(index);
    const asks = op.kind === 'command' || op.kind === 'manifest' || op.kind === 'host-env';
    if (lateConfigs.has(id) || (asks && opsOf(texts(op)).length > 0)) found.add(id);
  }
  return found;
}

/** What a step asks. */
export type Question = Pick<FactStep, 'asks' | 'name' | 'ask'>;

/** The question of an op, whose texts' steps are known. */
export function questionOf(definitions: Definitions, op: Op): Question {
  const { context } = definitions;
  const { module, answers } = context;
  const asking = (
    asks: FactStep['asks'],
    wanted: readonly Text[],
    ask: (texts: readonly string[], facts: StepFactPort) => Promise<Omit<FactResult, 'kind'>>,
  ): Question => {
    const later: Later<readonly string[]> = definitions.ofTexts(wanted, (known) =>
      wanted.map((text) => known.of(text)),
    );
    const step = async (results: StepResults, facts: StepFactPort): Promise<FactResult> => ({
      kind: 'fact',
      ...(await ask(resolveLater(later, results), facts)),
    });
    return { asks, name: nameOf(module, asks, wanted), ask: step };
  };
  switch (op.kind) {
    case 'command':
      return asking('command', op.args, async (args, facts) => ({
        text: await runHostCommand(op, args, answers, facts),
      }));
    case 'host-env':
      return asking('variable', [op.key], async ([key = ''], facts) => ({
        text: (await facts.environment()).get(key) ?? '',
      }));
    case 'manifest':
      return asking('manifest', [op.ref, ...platformTexts(op)], async ([ref = '', ...platform], facts) => ({
        text: await manifestText(
          op,
          { ref, platform: platform.length === 0 ? undefined : platform.join('/') },
          { level: context.level, platform: platformName(context) },
          facts,
        ),
      }));
    case 'image':
      return asking('image-config', [op.ref, ...platformTexts(op)], async ([name = '', ...platform], facts) => {
        const ref = check(op, op.ref, () => imageReference(name));
        const request = { ref, platform: platform.length === 0 ? platformName(context) : platform.join('/') };
        const found = await facts.imageConfig(request).catch((error: unknown) => {
          if (!(error instanceof Error)) throw error;
          throw new LoweringProblem(placed(op, new BadValue('HLB0521', { message: error.message }), op.ref));
        });
        return { text: found?.config ?? '', ...(found?.digest === undefined ? {} : { digest: found.digest }) };
      });
    default:
      throw new InternalError(`a ${op.kind} asks nothing`);
  }
}

function platformTexts({
  platform,
}: {
  readonly platform: { readonly os: Text; readonly arch: Text } | undefined;
}): readonly Text[] {
  return platform === undefined ? [] : [platform.os, platform.arch];
}

function platformName({ platform }: LoweringContext): string {
  return `${platform.os}/${platform.architecture}`;
}

const words: Readonly<Record<FactStep['asks'], string>> = {
  command: 'localRun',
  variable: 'localEnv',
  manifest: 'manifest',
  'image-config': 'configuration of',
};

/** A question for people, with `…` for what is not known yet. */
function nameOf(module: IrModule, asks: FactStep['asks'], asked: readonly Text[]): string {
  const said = asks === 'command' ? asked.map((text) => shown(module, text)).join(' ') : shown(module, asked[0]);
  const name = `${words[asks]} ${said}`.replace(/\s+/g, ' ').trim();
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** A text as far as it is known: of one that is made of others, those that are. */
function shown(module: IrModule, text: Text | undefined): string {
  if (text === undefined || typeof text.text === 'string') return typeof text?.text === 'string' ? text.text : '';
  const op = module.ops[text.text];
  if (op === undefined || !isFillOp(op)) return '…';
  try {
    return fillText(op, (part) => (typeof part.text === 'string' ? part.text : '…'));
  } catch (error) {
    if (error instanceof TemplateError) return '…';
    throw error;
  }
}
