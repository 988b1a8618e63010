import type { Gateway } from '@hlb/buildkit';
import type { EngineFacts, ImageConfigFact, ImageRequest, ManifestFact } from '@hlb/facts';
import { parsePlatform } from '@hlb/llb';

/** What an engine knows, asked through a gateway that is opened when the first question comes. Each is asked once. */
export function engineFacts(gateway: (signal?: AbortSignal) => Promise<Gateway>): EngineFacts {
  const configs = new Map<string, Promise<ImageConfigFact | undefined>>();
  return {
    imageConfig(request) {
      const key = JSON.stringify([request.ref, request.platform]);
      let answer = configs.get(key);
      if (answer === undefined) {
        answer = askConfig(request, gateway);
        configs.set(key, answer);
      }
      return answer;
    },
    manifest(request): Promise<ManifestFact | undefined> {
      return Promise.reject(
        new Error(
          `the manifest of ${request.ref} cannot be read from this engine: use --facts with its registry entry`,
        ),
      );
    },
  };
}

async function askConfig(request: ImageRequest, gateway: () => Promise<Gateway>): Promise<ImageConfigFact> {
  const opened = await gateway();
  const { digest, config } = await opened.resolveImageConfig(
    request.ref,
    request.platform === undefined ? {} : { platform: parsePlatform(request.platform) },
  );
  return { config: Buffer.from(config).toString('utf8'), ...(digest === '' ? {} : { digest }) };
}
