import type { ServerCall } from './call.js';
import { GrpcError } from './grpc-error.js';
import type { CallHandler } from './server.js';

/** What unary methods need of a generated message type. */
interface Codec<Message> {
  decode(bytes: Uint8Array): Message;
  encode(message: Message): { finish(): Uint8Array };
}

/** A handler for a method with one request and one response. An answer that never comes keeps nothing open when the call ends. */
export function unary<Request, Response>(
  request: Codec<Request>,
  response: Codec<Response>,
  answer: (request: Request, call: ServerCall) => Response | Promise<Response>,
): CallHandler {
  return async (call) => {
    const message = await receiveOne(call, request);
    const given = await call.until(Promise.resolve(answer(message, call)));
    call.send(response.encode(given).finish());
  };
}

/** The one message of a call whose requests aren't a stream. */
export async function receiveOne<Message>(call: ServerCall, codec: Codec<Message>): Promise<Message> {
  const messages = await call.receive();
  const [first] = messages ?? [];
  if (!first || (messages?.length ?? 0) > 1) {
    throw new GrpcError('INTERNAL', `${call.method} takes one request, got ${messages?.length ?? 0}`);
  }
  return decodeMessage(codec, first);
}

/** Decodes a message of the peer; nonsense is its error, not ours. */
export function decodeMessage<Message>(codec: Codec<Message>, bytes: Uint8Array): Message {
  try {
    return codec.decode(bytes);
  } catch (error) {
    throw new GrpcError('INTERNAL', 'a message that is not valid protobuf', { cause: error });
  }
}
