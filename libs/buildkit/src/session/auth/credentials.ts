/** What is known of a registry's account. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** A refresh token that stands for both. */
  readonly identityToken?: string;
  /** A bearer token that is used as it is. */
  readonly registryToken?: string;
}

/** Finds credentials. Throws what keeps it from knowing; `undefined` means that there are none. */
export interface CredentialSource {
  /**
   * @param host as in Docker's config: `host[:port]`, or `https://index.docker.io/v1/` for Docker Hub
   * @param signal aborted when nobody waits for the answer any more
   */
  credentials(host: string, signal?: AbortSignal): Promise<RegistryCredentials | undefined>;
}

/** Docker Hub's key in Docker's config, which is historical. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** The key in Docker's config for a host that an engine names. */
export function configKey(host: string): string {
  return host === 'registry-1.docker.io' ? DOCKER_HUB : host;
}
