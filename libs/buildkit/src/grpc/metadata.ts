import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { type GrpcCode, type GrpcStatus, grpcCode } from './status.js';
import { decodeStatusMessage } from './status-message.js';

/** Names and values that go with a call; a name may repeat. Values are printable ASCII. */
export type Metadata = readonly (readonly [name: string, value: string])[];

/** Request headers of a call; names in lower case, repeated names kept apart. */
export function requestHeaders(
  path: string,
  authority: string,
  scheme: string,
  metadata: Metadata,
): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {
    ':method': 'POST',
    ':scheme': scheme,
    ':authority': authority,
    ':path': path,
    te: 'trailers',
    'content-type': 'application/grpc',
  };
  for (const [name, value] of metadata) {
    const key = name.toLowerCase();
    const before = headers[key];
    if (before === undefined) headers[key] = value;
    else if (typeof before === 'string') headers[key] = [before, value];
    else before.push(value);
  }
  return headers;
}

/** The status in an answer's trailers; `undefined` where they hold none. */
export function statusFrom(headers: IncomingHttpHeaders): GrpcStatus | undefined {
  const value = single(headers['grpc-status']);
  if (value === undefined) return undefined;
  const code: GrpcCode = grpcCode(Number(value));
  const message = decodeStatusMessage(single(headers['grpc-message']) ?? '');
  const details = single(headers['grpc-status-details-bin']);
  return details === undefined ? { code, message } : { code, message, details: Buffer.from(details, 'base64') };
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
