import { type IncomingHttpHeaders, request } from 'node:http';
import { withResolvers } from './command.js';

/** Docker's answer to a request over its socket. */
interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/**
 * The version of the Docker Engine that answers on a socket; undefined when none does within `timeout` milliseconds.
 * Every answer names it (`Server: Docker/26.1.5 (linux)`); asking `/version` instead would run several commands there.
 */
export async function dockerVersion(socketPath: string, timeout = 3_000): Promise<string | undefined> {
  const answer = await ping(socketPath, timeout).catch(() => undefined);
  if (answer?.status !== 200) return undefined;
  return /^Docker\/(\S+)/.exec(String(answer.headers.server ?? ''))?.[1] ?? 'unknown';
}

async function ping(socketPath: string, timeout: number): Promise<ApiAnswer> {
  const { promise, resolve, reject } = withResolvers<ApiAnswer>();
  const outgoing = request({ socketPath, path: '/_ping', host: 'localhost', agent: false, timeout }, (answer) => {
    answer.resume();
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    answer.on('error', reject);
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}
