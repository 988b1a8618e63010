import type { ClientRequest, IncomingHttpHeaders } from 'node:http';

/** A response, read whole. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What ends a request before its response is whole. */
export interface Limits {
  /** The most that is read (bytes). */
  readonly bytes: number;
  /** The message of the error for a response that has more. */
  readonly tooLong: string;
  /** That for a server that says nothing for as long as the request's `timeout`. */
  readonly silent: string;
}

/** The response to a request that is being sent; an error of either ends it. */
export function wholeResponse(sent: ClientRequest, limits: Limits): Promise<WholeResponse> {
  return new Promise((resolve, reject) => {
    sent.on('timeout', () => sent.destroy(new Error(limits.silent)));
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > limits.bytes) sent.destroy(new Error(limits.tooLong));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
  });
}
