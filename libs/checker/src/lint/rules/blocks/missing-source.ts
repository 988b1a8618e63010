import type { FunctionSymbol } from '../../../checked.js';
import type { BlockSite, CallSite, ModuleIndex } from '../../module-index.js';
import type { LintRule } from '../../rule.js';
import { isSource } from '../../source-statement.js';

/** Statements that make no sense on an empty file system. */
const NEED_FILES = new Set(['run', 'rm', 'user']);

/** Only `default` is surely built by itself; any other function may be meant to go on with what a block has built. */
export const missingSource: LintRule = {
  code: 'HLB0433',
  name: 'missing-source',
  severity: 'warning',
  description: 'A `default` that starts with a command, without a file system to execute it in.',
  check({ index, at, report }) {
    for (const block of index.blocks) {
      if (!block.isBody || block.func?.name !== 'default' || block.kind !== 'fs') continue;
      const first = firstChange(index, block, new Set());
      const resolution = first?.resolution;
      if (first === undefined || resolution?.kind !== 'builtin' || !NEED_FILES.has(resolution.builtin.name)) continue;
      report({
        message: `nothing comes before this \`${resolution.builtin.name}\`: it starts on an empty file system`,
        at: at(first.node.callee),
        label: 'needs files',
        helps: ['Start with a source, for example `image "alpine"`.'],
      });
    }
  },
};

/** Calls within calls that are followed: deeper than this nobody reads either. */
const DEEPEST = 100;

/** The first statement that changes something, unless a source stands before it. */
function firstChange(index: ModuleIndex, block: BlockSite, seen: Set<FunctionSymbol>): CallSite | undefined {
  for (const site of block.statements) {
    if (isSource(site)) return undefined;
    const { resolution } = site;
    switch (resolution?.kind) {
      case 'builtin':
        return site;
      case 'function':
      case 'alias': {
        const symbol = resolution.kind === 'alias' ? resolution.symbol.closure : resolution.symbol;
        const { body } = symbol.decl;
        if (body === undefined || seen.has(symbol)) continue;
        if (seen.size >= DEEPEST) return undefined;
        seen.add(symbol);
        const inner = index.blockOf(body);
        const found = inner === undefined ? undefined : firstChange(index, inner, seen);
        if (found !== undefined) return found;
        if (inner !== undefined && inner.statements.length > 0) return undefined;
        continue;
      }
      case 'breakpoint':
        continue;
      default:
        // A parameter, or something imported: it may start from anywhere.
        return undefined;
    }
  }
  return undefined;
}
