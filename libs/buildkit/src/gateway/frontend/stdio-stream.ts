import { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** This process's standard input and output as one stream: pipes, as engines give them to frontends. */
export function stdioStream(): Duplex {
  // Node's own `process.stdout` blocks on pipes, which an engine that waits for our reading would never end.
  const readable = new Socket({ fd: 0, readable: true, writable: false });
  const writable = new Socket({ fd: 1, readable: false, writable: true });
  return Duplex.from({ readable, writable });
}
