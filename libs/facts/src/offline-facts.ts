import type { EngineFacts, Facts, HostFacts, StepFacts } from './facts.js';

/** Knows nothing of engines, registries and networks: images add nothing to the state. */
export function offlineEngineFacts(): EngineFacts {
  return {
    imageConfig: async () => undefined,
    manifest: async () => undefined,
  };
}

/** Knows nothing of what steps give: frontends give scratch. */
export function offlineStepFacts(): StepFacts {
  return {
    frontend: async () => undefined,
    pushDigest: async () => undefined,
    moduleFile: async () => undefined,
  };
}

/** One port of its parts; those of the engine and of steps are offline unless given. */
export function joinFacts(
  host: HostFacts,
  engine: EngineFacts = offlineEngineFacts(),
  steps: StepFacts = offlineStepFacts(),
): Facts {
  return {
    environment: () => host.environment(),
    cwd: () => host.cwd(),
    home: () => host.home(),
    os: () => host.os(),
    arch: () => host.arch(),
    path: (path) => host.path(path),
    files: (directory) => host.files(directory),
    moduleText: (path) => host.moduleText(path),
    latestChange: (request) => host.latestChange(request),
    knownHosts: (name) => host.knownHosts(name),
    hardwareAddress: () => host.hardwareAddress(),
    command: (request) => host.command(request),
    imageConfig: (request) => engine.imageConfig(request),
    manifest: (request) => engine.manifest(request),
    frontend: (request) => steps.frontend(request),
    pushDigest: (ref) => steps.pushDigest(ref),
    moduleFile: (request) => steps.moduleFile(request),
  };
}
