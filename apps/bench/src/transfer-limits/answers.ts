import type { GrpcChannel, Method } from '@hlb/buildkit';

/** How often health is asked for, in ms. Engines ask every 5 s; more often finds the worst moment. */
const INTERVAL = 10;

const HEALTH: Method<Uint8Array, Uint8Array> = {
  path: '/grpc.health.v1.Health/Check',
  requestSerialize: (message) => message,
  responseDeserialize: (message) => message,
};

/** How long answers to the health check took, in ms. */
export interface Answers {
  readonly count: number;
  readonly worst: number;
  /** 99 of 100 took no longer. */
  readonly most: number;
}

/**
 * Asks for health until it is stopped: by the clock and not after the answer before, so that a long wait counts for all that fall into
 * it.
 */
export function askForHealth(channel: GrpcChannel): { stop(): Promise<Answers> } {
  const times: number[] = [];
  const open = new Set<Promise<void>>();
  let failure: unknown;
  const ask = async (): Promise<void> => {
    const asked = performance.now();
    await channel.unary(HEALTH, new Uint8Array());
    times.push(performance.now() - asked);
  };
  const timer = setInterval(() => {
    const asking = ask()
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => open.delete(asking));
    open.add(asking);
  }, INTERVAL);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      if (failure !== undefined) throw failure;
      return answers(times);
    },
  };
}

/** Sums up the times of answers, of which there must be one at least. */
export function answers(times: readonly number[]): Answers {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    count: sorted.length,
    worst: sorted.at(-1) ?? Number.NaN,
    most: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN,
  };
}
