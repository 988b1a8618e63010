import { CheckPolicyRequest, CheckPolicyResponse } from '@hlb/proto/policysession';
import type { CallHandler } from './grpc/server.js';
import { unary } from './grpc/unary.js';

/**
 * Decides about each source of a build whose `SourcePolicySession` is this session (engines from 0.26): allows, denies or converts it, or
 * asks for more metadata, with which the engine calls again.
 */
export type PolicyVerifier = (request: CheckPolicyRequest) => Promise<NonNullable<CheckPolicyResponse['result']>>;

export function policyHandlers(verify: PolicyVerifier): ReadonlyMap<string, CallHandler> {
  return new Map<string, CallHandler>([
    [
      '/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy',
      unary(CheckPolicyRequest, CheckPolicyResponse, async (request) => ({ result: await verify(request) })),
    ],
  ]);
}
