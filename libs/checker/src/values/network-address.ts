import { isIP } from 'node:net';

/** What is wrong with an IP address. `undefined` if nothing is. Zones of IPv6 addresses are not taken. */
export function ipAddressProblem(text: string): string | undefined {
  if (isIP(text) !== 0 && !text.includes('%')) return undefined;
  const parts = text.split('.');
  if (parts.length === 4 && parts.every((part) => /^\d+$/.test(part))) {
    const padded = parts.find((part) => part.length > 1 && part.startsWith('0'));
    if (padded !== undefined) return `\`${padded}\` begins with a zero`;
    const large = parts.find((part) => Number(part) > 255);
    if (large !== undefined) return `\`${large}\` is more than 255`;
  }
  return /[a-z]/i.test(text) && !text.includes(':') ? 'it is a name, not an address' : 'it is neither IPv4 nor IPv6';
}

/** What is wrong with the address of a file for `http`. `undefined` if nothing is. */
export function httpUrlProblem(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return 'it must begin with `https://` or `http://`';
  return /^https?:\/\/[^/]/i.test(text) ? undefined : 'it names no host';
}

/** What is wrong with the other end of a forwarded socket: `unix://PATH`, or `tcp://HOST:PORT`. `undefined` if nothing is. */
export function forwardUrlProblem(text: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? undefined : 'it must begin with `unix://` or `tcp://`';
}
