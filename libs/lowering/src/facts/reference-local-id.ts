import { createHash } from 'node:crypto';
import { InternalError } from '@hlb/diagnostics';
import type { HostFacts } from '@hlb/facts';
import type { LocalOp } from '@hlb/ir';
import { localSource, marshal } from '@hlb/llb';

/**
 * The id that the reference gives a local: a digest of its path, this host's hardware address and the time of the latest change below
 * it. Only LLB that is to be compared with the reference's has it; builds name a directory by what it is, not by when it was changed.
 */
export async function referenceLocalId(
  op: LocalOp,
  facts: Pick<HostFacts, 'hardwareAddress' | 'latestChange'>,
): Promise<string> {
  const { resolved } = op;
  if (resolved === undefined) throw new InternalError('a local was not looked up');
  const path = resolved.realPath;
  const include = knownTexts(op.include);
  const exclude = knownTexts(op.exclude);
  const [address, time] = await Promise.all([
    facts.hardwareAddress(),
    facts.latestChange({ path, include: resolved.kind === 'file' ? [] : include, exclude }),
  ]);
  const text = `path:${path},mac:${address},modified:${formatTime(time)}`;
  const source = localSource({ name: '', includePatterns: include, excludePatterns: exclude, uniqueId: text });
  const { def } = marshal(source, { platform: { os: 'linux', architecture: 'amd64' } });
  const terminal = def.at(-1);
  if (terminal === undefined) throw new InternalError('a local has no definition');
  return `sha256:${createHash('sha256').update(terminal).digest('hex')}`;
}

function knownTexts(texts: LocalOp['include']): readonly string[] {
  return texts.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
}

function formatTime(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}
