import type { Contest, Contestant } from './contest.js';
import { type Figures, figures } from './figures.js';
import { type Measurement, measure } from './measure.js';

/** What a contest came to. */
export interface ContestResult {
  readonly name: string;
  readonly what: string;
  readonly ours: Figures & { readonly label: string };
  readonly peer: (Figures & { readonly label: string }) | { readonly missing: string };
  /** Our median over the peer's; below 1 we are faster. */
  readonly ratio: number | undefined;
}

/** Runs both sides in turn (A B A B …), so that what the machine does meanwhile hits both alike. */
export async function runContest(contest: Contest, note: (line: string) => void): Promise<ContestResult> {
  const peer = 'missing' in contest.peer ? undefined : contest.peer;
  const ours: Measurement[] = [];
  const theirs: Measurement[] = [];
  for (let round = 0; round <= contest.rounds; round += 1) {
    const one = await runOnce(contest.ours, round);
    const other = peer === undefined ? undefined : await runOnce(peer, round);
    note(
      `${contest.name} ${round}/${contest.rounds}: ${one.wall.toFixed(0)} ms${other === undefined ? '' : ` | ${other.wall.toFixed(0)} ms`}`,
    );
    if (round === 0) continue;
    ours.push(one);
    if (other !== undefined) theirs.push(other);
  }
  const our = { label: contest.ours.label, ...figures(ours) };
  if (peer === undefined || theirs.length === 0) {
    const missing = 'missing' in contest.peer ? contest.peer.missing : 'it did not run';
    return { name: contest.name, what: contest.what, ours: our, peer: { missing }, ratio: undefined };
  }
  const their = { label: peer.label, ...figures(theirs) };
  return { name: contest.name, what: contest.what, ours: our, peer: their, ratio: our.median / their.median };
}

async function runOnce(contestant: Contestant, round: number): Promise<Measurement> {
  const changed = await contestant.before?.(round);
  return measure(changed?.args ?? contestant.args, {
    cwd: changed?.cwd ?? contestant.cwd,
    env: contestant.env,
    ...(contestant.until === undefined ? {} : { until: contestant.until }),
  });
}
