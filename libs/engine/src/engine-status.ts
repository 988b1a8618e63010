import { runningEngine } from './daemon/state.js';
import { EngineError, type EngineErrorCode } from './engine-error.js';
import type { EngineInfo, EngineOptions } from './engine-options.js';
import { engineInfo } from './engine-up.js';
import { dockerVersion } from './host/docker-api.js';
import { checkHost } from './host/host-check.js';
import { engineLayout } from './layout.js';

/** Why a machine can't run a managed engine, and what to do about it. */
export interface Unusable {
  readonly code: EngineErrorCode;
  readonly reason: string;
  readonly help: string;
}

/** The state of the managed engine: it answers; it could be started; or this machine can't run one. */
export type EngineStatus =
  | ({ readonly state: 'up' } & EngineInfo)
  | { readonly state: 'down' }
  | ({ readonly state: 'unusable' } & Unusable);

/** Looks whether the managed engine runs, without any package work: one request to its socket, or some reads. */
export async function engineStatus(options: EngineOptions = {}): Promise<EngineStatus> {
  const layout = engineLayout(options);
  const state = await runningEngine(layout);
  const version = state && (await dockerVersion(layout.socket));
  if (state && version !== undefined) return { state: 'up', ...engineInfo(layout, state, version) };
  const answer = await canManageEngine(options);
  return answer.can ? { state: 'down' } : { state: 'unusable', ...answer.why };
}

/** Whether this machine can run a managed engine, as far as a few small reads can tell. */
export async function canManageEngine(
  options: Pick<EngineOptions, 'env'> = {},
): Promise<{ readonly can: true } | { readonly can: false; readonly why: Unusable }> {
  try {
    await checkHost(options.env);
    return { can: true };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { can: false, why: { code: error.code, reason: error.message, help: error.help } };
  }
}
