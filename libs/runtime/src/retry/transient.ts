/**
 * What the engine, git, and HTTP and DNS clients say when a registry or a network fails for a while. They have only text for it: the
 * gRPC code of a failed solve is `UNKNOWN` whatever happened.
 */
const PASSING: readonly RegExp[] = [
  /connection (was )?(refused|reset|timed out)/i,
  /\bECONN(REFUSED|RESET|ABORTED)\b|\bETIMEDOUT\b|\bEAI_AGAIN\b|\bEPIPE\b|\bUND_ERR_\w*TIMEOUT\b/,
  /broken pipe/i,
  /i\/o timeout/i,
  /TLS handshake timeout/i,
  /socket hang up/i,
  /(network|host) is unreachable|no route to host/i,
  /temporary failure in name resolution|server misbehaving/i,
  /could not resolve host/i,
  /\bunexpected EOF\b|\bearly EOF\b|: EOF$/,
  /Client\.Timeout exceeded|timeout awaiting response headers/i,
  /use of closed network connection/i,
  /http2: (server sent GOAWAY|client connection lost)/i,
  /\b(429|500|502|503|504) (Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)\b/i,
  /toomanyrequests/i,
  /HTTP status (429|500|502|503|504)\b/,
  /returned error: (429|500|502|503|504)\b/i,
];

/** Whether a message tells of a registry or a network that failed in a way that often passes by itself. */
export function isTransient(message: string): boolean {
  return PASSING.some((pattern) => pattern.test(message));
}
