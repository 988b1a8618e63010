import http from 'node:http';
import https from 'node:https';

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
export function httpRequest(request: HttpRequest): Promise<HttpResponse> {
  const { url, method, headers, body, ca, signal } = request;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return Promise.reject(new Error(`${url.origin} is not an HTTP address`));
  }
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, signal, timeout: TIMEOUT };
    const sent =
      url.protocol === 'https:'
        ? https.request(url, { ...options, ...(ca === undefined ? {} : { ca }) })
        : http.request(url, options);
    sent.on('timeout', () => sent.destroy(new Error(`no answer from ${url.origin} within ${TIMEOUT / 1000} s`)));
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_BODY) sent.destroy(new Error(`the answer of ${url.origin} is too long`));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    sent.end(body);
  });
}
