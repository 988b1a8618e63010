import type { Session } from '@hlb/buildkit';
import type { OutputStep } from '@hlb/plan';
import { serveNeeds } from '../session/session-needs.js';
import type { StepRun } from '../steps/step-run.js';
import type { OutputExport } from './output-export.js';

/** A session for what a solve sends back, until it is released. */
export interface ReceivingSession {
  readonly session: Session;
  release(): Promise<void>;
}

/** Sessions that await outputs. */
const receiving = new WeakSet<Session>();

/**
 * A session that awaits no other output: the engine names an output that comes to this client only by its place in its own solve. It
 * is the build's where that one is free, else one for what comes back; locals still come from the build's.
 */
export async function receivingSession(
  step: OutputStep,
  exports: readonly OutputExport[],
  run: StepRun,
): Promise<ReceivingSession> {
  const { build, signal } = run;
  if (exports.every(({ target }) => target === undefined)) return { session: build.session, release: async () => {} };
  if (!receiving.has(build.session)) {
    receiving.add(build.session);
    return {
      session: build.session,
      release: async () => {
        receiving.delete(build.session);
      },
    };
  }
  const session = await build.openSibling(signal);
  const stop = session.onTransfer((transfer) => run.transfer(session.id, transfer));
  await serveNeeds(session, { ...step.session, directories: [] }, build.env);
  return {
    session,
    release: async () => {
      await session.close();
      stop();
    },
  };
}
