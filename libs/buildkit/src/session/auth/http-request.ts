import http from 'node:http';
import https from 'node:https';
import { wholeResponse } from '../../http/whole-response.js';

/** A response, read whole. */
export interface HttpResponse {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Certificates of authorities to trust beside the system's, PEM. */
  readonly ca?: string;
  readonly signal: AbortSignal;
}

/** The largest response of a token server that makes sense, in bytes. */
const MAX_BODY = 1024 * 1024;

/** Longest time without anything from the server, in ms. */
const TIMEOUT = 30_000;

/** One request on a connection of its own, so that nothing stays open after it. */
export async function httpRequest(request: HttpRequest): Promise<HttpResponse> {
  const { url, method, headers, body, ca, signal } = request;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`${url.origin} is not an HTTP address`);
  const options = { method, headers, agent: false, signal, timeout: TIMEOUT };
  const sent =
    url.protocol === 'https:'
      ? https.request(url, { ...options, ...(ca === undefined ? {} : { ca }) })
      : http.request(url, options);
  const response = wholeResponse(sent, {
    bytes: MAX_BODY,
    tooLong: `the answer of ${url.origin} is too long`,
    silent: `no answer from ${url.origin} within ${TIMEOUT / 1000} s`,
  });
  sent.end(body);
  const { status, headers: answered, body: bytes } = await response;
  return { status, location: answered.location, body: bytes.toString('utf8') };
}
