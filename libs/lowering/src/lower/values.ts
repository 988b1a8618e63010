import { isIP } from 'node:net';
import { nearest } from '@hlb/diagnostics';
import { type Digest, InvalidGitRemoteError, isDigest, parseGitRemote } from '@hlb/llb';
import { normalizeImageReference } from '@hlb/names';
import { parseRfc3339 } from '../text/rfc3339.js';
import { BadValue } from './problem.js';

/** The reference in full: `docker.io/library/alpine:latest`. */
export function imageReference(text: string): string {
  const ref = normalizeImageReference(text);
  if (ref === undefined) {
    throw new BadValue('HLB0504', {
      message: `${JSON.stringify(text)} is no image reference`,
      label: 'not a reference',
    });
  }
  return ref;
}

export type NetworkMode = 'unset' | 'host' | 'none';
export type SecurityMode = 'sandbox' | 'insecure';
export type SharingMode = 'shared' | 'private' | 'locked';

const networkModes: readonly NetworkMode[] = ['unset', 'host', 'none'];
const securityModes: readonly SecurityMode[] = ['sandbox', 'insecure'];
const sharingModes: readonly SharingMode[] = ['shared', 'private', 'locked'];

export function networkMode(text: string): NetworkMode {
  return oneOf(text, networkModes, 'HLB0505', 'network mode');
}

export function securityMode(text: string): SecurityMode {
  return oneOf(text, securityModes, 'HLB0506', 'security mode');
}

export function sharingMode(text: string): SharingMode {
  return oneOf(text, sharingModes, 'HLB0507', 'sharing mode of a cache');
}

/** `sha256:` and 64 hex digits, or another algorithm that engines know. */
export function digest(text: string): Digest {
  if (!isDigest(text)) {
    throw new BadValue('HLB0508', {
      message: `${JSON.stringify(text)} is no digest`,
      label: 'expected sha256: and 64 hex digits',
    });
  }
  return text;
}

/** The address as Go writes it. */
export function ipAddress(text: string): string {
  const version = text.includes('%') ? 0 : isIP(text);
  if (version === 0) throw new BadValue('HLB0509', { message: `${JSON.stringify(text)} is no IP address` });
  return version === 4 ? text : shortIPv6(text);
}

/** In the short form: groups in lower case without leading zeros, the longest row of zero groups left out; a mapped IPv4 one as that. */
function shortIPv6(text: string): string {
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const bytes = mapped.slice(1).flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return bytes.join('.');
}

/** Unix nanoseconds of an RFC 3339 time. */
export function timestamp(text: string): bigint {
  const time = parseRfc3339(text);
  if (time === undefined) {
    throw new BadValue('HLB0510', {
      message: `${JSON.stringify(text)} is no time`,
      label: 'expected RFC 3339, as 2006-01-02T15:04:05Z',
    });
  }
  return time;
}

export function gitRemote(text: string): string {
  try {
    parseGitRemote(text);
  } catch (error) {
    if (!(error instanceof InvalidGitRemoteError)) throw error;
    throw new BadValue('HLB0511', { message: `${JSON.stringify(text)} names no git repository: ${error.reason}` });
  }
  return text;
}

/** The host of a remote by ssh, with its port where it has one; `undefined` for other remotes, and for what is none. */
export function sshHost(remote: string): string | undefined {
  try {
    const { scheme, host } = parseGitRemote(remote);
    return scheme === 'ssh' ? host : undefined;
  } catch {
    return undefined;
  }
}

export function httpUrl(text: string): string {
  if (!/^https?:\/\/[^/]/i.test(text)) {
    throw new BadValue('HLB0525', { message: `${JSON.stringify(text)} is no http or https URL` });
  }
  return text.replace(/^[^:]+/, (scheme) => scheme.toLowerCase());
}

/** A number that a field of 32 bits takes. */
export function unsigned32(value: bigint, what: string): number {
  if (value < 0n || value > 0xffff_ffffn) {
    throw new BadValue('HLB0529', { message: `${value} is out of range for ${what}: 0 to 4294967295` });
  }
  return Number(value);
}

function oneOf<Mode extends string>(
  text: string,
  modes: readonly Mode[],
  code: 'HLB0505' | 'HLB0506' | 'HLB0507',
  what: string,
): Mode {
  const mode = modes.find((known) => known === text);
  if (mode !== undefined) return mode;
  const meant = nearest(text, modes);
  throw new BadValue(code, {
    message: `${JSON.stringify(text)} is no ${what}: expected ${modes.slice(0, -1).join(', ')} or ${modes.at(-1)}`,
    helps: meant === undefined ? [] : [`Did you mean ${meant}?`],
  });
}
