import type { CacheEntry } from '../control/solve-request.js';

/** Attributes of caches in clouds, by the variables of the client's environment that stand for them. */
const VARIABLES: Readonly<Record<string, readonly (readonly [attribute: string, variable: string])[]>> = {
  gha: [
    ['token', 'ACTIONS_RUNTIME_TOKEN'],
    ['url', 'ACTIONS_CACHE_URL'],
    ['url_v2', 'ACTIONS_RESULTS_URL'],
  ],
  s3: [
    ['region', 'AWS_REGION'],
    ['access_key_id', 'AWS_ACCESS_KEY_ID'],
    ['secret_access_key', 'AWS_SECRET_ACCESS_KEY'],
    ['session_token', 'AWS_SESSION_TOKEN'],
  ],
  azblob: [
    ['account_url', 'AZURE_STORAGE_ACCOUNT_URL'],
    ['secret_access_key', 'AZURE_STORAGE_SECRET_ACCESS_KEY'],
  ],
};

/** An entry with what the environment of this client says where no attribute does. */
export function withCredentials(entry: CacheEntry, env: Readonly<Record<string, string | undefined>>): CacheEntry {
  const variables = VARIABLES[entry.type];
  if (variables === undefined) return entry;
  const attrs = new Map(entry.attrs);
  // Credentials belong together: a key of the environment says nothing of another that an attribute gives.
  const own = attrs.has('access_key_id') || attrs.has('secret_access_key');
  for (const [attribute, variable] of variables) {
    const value = env[variable] ?? '';
    const credential = /key|session_token/.test(attribute);
    if (value !== '' && !attrs.has(attribute) && !(own && credential)) attrs.set(attribute, value);
  }
  if (entry.type === 'gha' && !attrs.has('version') && /^(1|true)$/i.test(env['ACTIONS_CACHE_SERVICE_V2'] ?? '')) {
    attrs.set('version', '2');
  }
  return { type: entry.type, attrs };
}
