export { type FileLock, type LockOptions, lockFile, tryLockFile } from '../host/lock.js';
export { pushBaseImage } from './base-image.js';
export { type DockerCli, type DockerCliOptions, dockerCli } from './docker-cli.js';
export { purgeRegistry, type Registry, type RegistryOptions, startRegistry, stopRegistry } from './registry.js';
