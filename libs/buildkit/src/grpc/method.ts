/**
 * A method of a service, as calls need it. The service tables that `@hlb/proto` holds are made of these.
 */
export interface Method<Request, Response> {
  /** `/package.Service/Method`. */
  readonly path: string;
  requestSerialize(request: Request): Uint8Array;
  responseDeserialize(bytes: Buffer): Response;
}

/** A method whose requests are given as the bytes of their messages. */
export function ofBytes<Request, Response>(method: Method<Request, Response>): Method<Uint8Array, Response> {
  const { path, responseDeserialize } = method;
  return { path, requestSerialize: (bytes) => bytes, responseDeserialize };
}
