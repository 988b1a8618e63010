import { normalizePlatform } from '@hlb/llb';
import { configSettings, readConfig } from '../lower/state/image-config.js';

/**
 * The platform `os/architecture` that an image's config says it is for, where that is not the one asked for: a reference that names
 * a single image gives that one, whatever is asked. Variants are not compared: newer machines run what is made for older ones.
 *
 * @param config JSON
 * @param asked `os/architecture[/variant]`
 */
export function otherPlatform(config: string, asked: string): string | undefined {
  const image = readConfig(config);
  if (image === undefined) return undefined;
  const { os, arch } = configSettings(image);
  if (os === '' || arch === '') return undefined;
  const own = normalizePlatform({ os, architecture: arch });
  const [wantedOs = '', architecture = ''] = asked.split('/');
  const wanted = normalizePlatform({ os: wantedOs, architecture });
  if (own.os === wanted.os && own.architecture === wanted.architecture) return undefined;
  return `${own.os}/${own.architecture}`;
}
