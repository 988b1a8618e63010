import { type Diagnostic, diagnostic } from '@hlb/diagnostics';
import type { Block, Call, CallStmt } from '@hlb/parser';
import { constantText } from '../../values/constant-text.js';
import { judgeValue } from '../../values/judge.js';
import { at, type CheckState, type ValueSite } from '../state.js';

const DROPPED = 'The result does not depend on it, since a later statement of the block starts afresh.';

/**
 * Finds what evaluating would refuse, where the text of the program alone shows it: literals that are badly written, `run`
 * and `merge` without arguments, a bound cache. None of it matters unless the place is evaluated.
 */
export function checkValues(state: CheckState): void {
  for (const site of state.sites) {
    for (const found of judgeSite(state, site)) {
      const diagnostic: Diagnostic = site.dropped ? { ...found, severity: 'warning', notes: [DROPPED] } : found;
      state.early.push({ diagnostic, unit: site.unit, via: site.via });
    }
  }
}

function judgeSite(state: CheckState, site: ValueSite): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const { builtin, args } = site;
  for (let index = 0; index < builtin.params.length; index++) {
    const parameter = builtin.params[index];
    const arg = args[index];
    if (parameter?.format === undefined || arg === undefined) continue;
    const text = constantText(arg);
    const wrong = text === undefined ? undefined : judgeValue(parameter.format, text, at(state, arg));
    if (wrong !== undefined) found.push(wrong);
  }
  switch (builtin.name) {
    case 'run':
      if (args.length === 0) {
        found.push(
          diagnostic('HLB0512', {
            message: '`run` needs a command',
            at: at(state, site.call.callee),
            label: 'at least one argument is needed',
            helps: ['Write `run "make"` for a shell line, or `run "make" "-j4"` to execute words without a shell.'],
          }),
        );
      }
      break;
    case 'merge':
      if (args.length === 0) {
        found.push(
          diagnostic('HLB0513', {
            message: '`merge` needs a file system to lay over the current one',
            at: at(state, site.call.callee),
            label: 'at least one argument is needed',
          }),
        );
      }
      break;
    case 'mount': {
      const call = site.stmt;
      const cache = call?.bind === undefined ? undefined : cacheOption(state, call);
      if (call?.bind !== undefined && cache !== undefined && state.aliases.has(call)) {
        found.push(
          diagnostic('HLB0514', {
            message: 'a cache mount cannot be bound: what is in it belongs to the engine',
            at: at(state, call.bind.keyword),
            label: 'binds the mount',
            related: [{ span: at(state, cache.callee.ident), message: 'the mount is a cache' }],
          }),
        );
      }
      break;
    }
    default:
  }
  return found;
}

/** The call of `cache` among the options of a mount. */
function cacheOption(state: CheckState, call: CallStmt): Call | undefined {
  const options = call.with?.expr;
  if (options?.kind === 'func-lit') return callOfCache(state, options.body);
  return options?.kind === 'call' && isCache(state, options) ? options : undefined;
}

function callOfCache(state: CheckState, block: Block): CallStmt | undefined {
  return block.items.filter((item) => item.kind === 'call-stmt').find((item) => isCache(state, item));
}

function isCache(state: CheckState, call: Call): boolean {
  const resolution = state.resolutions.get(call);
  return resolution?.kind === 'builtin' && resolution.builtin.name === 'cache';
}
