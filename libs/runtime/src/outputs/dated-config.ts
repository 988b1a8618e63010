/** What a config of ours has for the time of a step: none is known, so that the same program gives the same image. */
const UNKNOWN = /^0001-01-01T/;

/** An image's config in which steps without a known time have that of the epoch (seconds since 1970). */
export function datedConfig(config: string, epoch: bigint | undefined): string {
  if (epoch === undefined || config === '') return config;
  const time = new Date(Number(epoch) * 1000).toISOString().replace('.000Z', 'Z');
  return JSON.stringify(
    JSON.parse(config, (key, value: unknown) =>
      key === 'created' && typeof value === 'string' && UNKNOWN.test(value) ? time : value,
    ),
  );
}
