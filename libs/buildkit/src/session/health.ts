import type { CallHandler } from './grpc/server.js';

/** `grpc.health.v1.HealthCheckResponse` with `status = SERVING`: field 1, value 1. */
const SERVING = Buffer.from([0x08, 0x01]);

/**
 * Answers the engine's health check. It comes about every 5 s, and the engine drops a session that doesn't answer twice within 15 s (older
 * ones sooner), so the answer is ready before the request is read.
 */
export const checkHealth: CallHandler = async (call) => {
  call.send(SERVING);
};

/** The stream of the same: one message, then nothing changes until the end. */
export const watchHealth: CallHandler = async (call) => {
  call.send(SERVING);
  await new Promise<void>((resolve) => {
    if (call.signal.aborted) resolve();
    else call.signal.addEventListener('abort', () => resolve(), { once: true });
  });
};
