import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectError } from '../connect/connect-error.js';

/** TLS of a `tcp://` address: PEM files, by their paths. */
export interface TlsFiles {
  /** Who may sign the engine's certificate; the system's authorities where absent. */
  readonly ca?: string;
  /** The client's own certificate and key, for engines that ask for one. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the engine's certificate must hold, where it isn't the address's host. */
  readonly serverName?: string;
  /** `false`: any certificate will do. */
  readonly verify?: boolean;
}

/** As {@link TlsFiles}, with the files' contents. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly serverName?: string;
  readonly verify: boolean;
}

/** @throws ConnectError `tls` for a file that can't be read */
export async function readTlsFiles(files: TlsFiles): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([files.ca, files.cert, files.key].map(readPem));
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(files.serverName === undefined ? {} : { serverName: files.serverName }),
    verify: files.verify ?? true,
  };
}

/** A folder in Docker's form: `ca.pem`, `cert.pem` and `key.pem`. */
export function tlsFolder(folder: string, verify: boolean): TlsFiles {
  return { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), verify };
}

async function readPem(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError('tls', `the TLS file ${path} can't be read: ${why}`, '', { cause });
  }
}
