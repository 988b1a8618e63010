import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot, type RootRequest } from './package-root.js';

/** The bundle of root certificates that Debian's and Ubuntu's programs look for. */
const systemBundle = '/etc/ssl/certs/ca-certificates.crt';

/** Whether programs of this system find root certificates, without which nothing can be pulled over HTTPS. */
export async function systemCertificates(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env['SSL_CERT_FILE'] || env['SSL_CERT_DIR']) return true;
  return stat(systemBundle).then(
    ({ size }) => size > 0,
    () => false,
  );
}

/** A bundle of the root certificates of the system's package `ca-certificates`, unpacked beside the engine. */
export async function unpackCertificates(
  fetch: Pick<RootRequest, 'packages' | 'signal' | 'onProgress'>,
): Promise<string> {
  const finish = async (unpacked: string): Promise<void> => {
    // The package makes its bundle when it is installed, which an unpacked one never is.
    const folder = join(unpacked, 'usr/share/ca-certificates/mozilla');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.crt')).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    await writeFile(join(unpacked, 'bundle.crt'), texts.join('\n'));
  };
  const request = { name: 'certificates', suite: 'system', names: ['ca-certificates'], finish };
  return join(await packageRoot({ ...fetch, ...request }), 'bundle.crt');
}
