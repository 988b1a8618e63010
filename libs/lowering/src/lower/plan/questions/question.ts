import { InternalError } from '@hlb/diagnostics';
import type { Op, Text } from '@hlb/ir';
import {
  type FactResult,
  type FactStep,
  type Later,
  resolveLater,
  type StepFactPort,
  type StepResults,
} from '@hlb/plan';
import { runHostCommand } from '../../../facts/host-command.js';
import { manifestText } from '../../../facts/manifest-text.js';
import type { LoweringContext } from '../../lowerer.js';
import { BadValue, check, LoweringProblem, placed } from '../../problem.js';
import { imageReference } from '../../values.js';
import type { Definitions } from '../definitions.js';
import { lookUpHost, lookUpLocal, lookUpServices } from './host-questions.js';
import { questionTexts } from './late-questions.js';
import { questionName } from './question-name.js';

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
    const later: Later<readonly string[]> = definitions.ofTexts(wanted, ({ texts }) =>
      wanted.map((text) => texts.of(text)),
    );
    const step = async (results: StepResults, facts: StepFactPort): Promise<FactResult> => ({
      kind: 'fact',
      ...(await ask(resolveLater(later, results), facts)),
    });
    return { asks, name: questionName(module, asks, wanted), ask: step };
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
    case 'local':
      return asking('paths', questionTexts(op), ([path = ''], facts) => lookUpLocal(op, path, answers, facts));
    case 'run': {
      const late = questionTexts(op);
      return asking('paths', late, (known, facts) =>
        lookUpServices(op, new Map(late.map((text, index) => [text, known[index] ?? ''])), answers, facts),
      );
    }
    case 'git':
      return asking('known-hosts', questionTexts(op), ([remote = ''], facts) => lookUpHost(op, remote, facts));
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
