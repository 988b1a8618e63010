import http from 'node:http';
import https from 'node:https';
import { type WholeResponse, wholeResponse } from '../http/whole-response.js';

/** A response, and its way. */
export interface HttpAnswer extends WholeResponse {
  /** Where it came from at last. */
  readonly url: URL;
}

export interface HttpGet {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The most that is read (bytes). */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** Longest time without anything from the server (ms). */
const TIMEOUT_MS = 30_000;

/** Hops from one address to another that are followed. */
const MAX_REDIRECTS = 5;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * One GET on a connection of its own, so that nothing stays open after it. Redirects are followed, to another server without
 * credentials, and never from HTTPS to HTTP.
 */
export async function httpGet(first: HttpGet): Promise<HttpAnswer> {
  let request = first;
  for (let hops = 0; ; hops += 1) {
    const answer = await getOnce(request);
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
    const url = new URL(location, request.url);
    const downgrade = request.url.protocol === 'https:' && url.protocol !== 'https:';
    if (hops === MAX_REDIRECTS || downgrade)
      throw new Error(`${first.url.host} redirects ${downgrade ? 'to plain HTTP' : 'too often'}`);
    const { authorization: _, ...others } = request.headers;
    request = { ...request, url, headers: url.origin === first.url.origin ? request.headers : others };
  }
}

async function getOnce({ url, headers, limit, signal }: HttpGet): Promise<HttpAnswer> {
  const { get } = url.protocol === 'https:' ? https : http;
  const sent = get(url, { headers, agent: false, timeout: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) });
  const response = await wholeResponse(sent, {
    bytes: limit,
    tooLong: `the answer has more than ${limit} bytes`,
    silent: `no answer within ${TIMEOUT_MS / 1000} s`,
  });
  return { ...response, url };
}
