import { BuildkitError, type CredentialSource, fetchImageManifest, type Gateway } from '@hlb/buildkit';
import type { EngineFacts, ImageConfigFact, ImageRequest, ManifestFact } from '@hlb/facts';
import { type Platform, parsePlatform } from '@hlb/llb';
import { DEFAULT_RETRIES, type Retry, retrying } from '../retry/retrying.js';
import { isTransient } from '../retry/transient.js';

/** Whom the facts of an engine are asked of. */
export interface FactSources {
  /** Opened when the first question comes. */
  gateway(): Promise<Gateway>;
  /** The engine's own platform. */
  readonly platform: Platform;
  /** Logins of registries, for what is asked of them without the engine. */
  readonly credentials: CredentialSource;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Told of a question that is asked once more, since a registry or a network failed in a way that often passes. */
  readonly onRetry: RetryListener;
}

/** Hears of questions that are asked once more. */
export type RetryListener = (question: string, retry: Retry) => void;

/** What an engine and the registries know. Each question is asked once; questions go side by side. */
export function engineFacts(sources: FactSources): EngineFacts {
  return {
    imageConfig: once((request) => patiently(`the configuration of ${request.ref}`, imageConfig, request, sources)),
    manifest: once((request) => patiently(`the manifest of ${request.ref}`, manifest, request, sources)),
  };
}

function once<Answer>(ask: (request: ImageRequest) => Promise<Answer>): (request: ImageRequest) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (request) => {
    const key = JSON.stringify([request.ref, request.platform]);
    const answer = answers.get(key) ?? ask(request);
    answers.set(key, answer);
    return answer;
  };
}

/** Questions change nothing, so that they may be asked again. */
function patiently<Answer>(
  question: string,
  ask: (request: ImageRequest, sources: FactSources) => Promise<Answer>,
  request: ImageRequest,
  sources: FactSources,
): Promise<Answer> {
  return retrying(() => ask(request, sources), {
    retries: DEFAULT_RETRIES,
    signal: sources.signal,
    mayRetry: (error) => !(error instanceof BuildkitError && error.lost) && isTransient(wholeMessage(error)),
    onRetry: (retry) => sources.onRetry(question, retry),
  });
}

/** With those of the causes, in which HTTP clients hide what happened. */
function wholeMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  return `${error.message}${code}${error.cause === undefined ? '' : ` ${wholeMessage(error.cause)}`}`;
}

async function imageConfig(request: ImageRequest, sources: FactSources): Promise<ImageConfigFact> {
  const gateway = await sources.gateway();
  const { digest, config } = await gateway.resolveImageConfig(
    request.ref,
    request.platform === undefined ? {} : { platform: parsePlatform(request.platform) },
  );
  return { config: Buffer.from(config).toString('utf8'), ...(digest === '' ? {} : { digest }) };
}

async function manifest(request: ImageRequest, sources: FactSources): Promise<ManifestFact> {
  const { credentials, signal } = sources;
  const platform = request.platform === undefined ? sources.platform : parsePlatform(request.platform);
  const found = await fetchImageManifest(request.ref, platform, { credentials, signal });
  const [text, config] = [found.manifest.toString('utf8'), found.config.toString('utf8')];
  return {
    digest: found.digest,
    manifest: text,
    config,
    ...(found.index === undefined ? {} : { index: found.index.toString('utf8') }),
  };
}
