/** Where an op runs, or which variant of an image it takes. The words are those of OCI. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
  readonly osFeatures?: readonly string[];
}

/** A text that is no platform. */
export class InvalidPlatformError extends TypeError {
  override readonly name = 'InvalidPlatformError';
  readonly text: string;

  constructor(text: string) {
    super(`invalid platform ${JSON.stringify(text)}: OS/ARCH or OS/ARCH/VARIANT is wanted`);
    this.text = text;
  }
}

const pattern =
  /^(?<os>[A-Za-z0-9_-]+)(?:\((?<version>[A-Za-z0-9_.-]*)(?<features>(?:\+[A-Za-z0-9_.-]+)*)\))?\/(?<architecture>[A-Za-z0-9_-]+)(?:\/(?<variant>[A-Za-z0-9_.-]+))?$/;

/**
 * Reads `linux/arm/v7`, `windows(10.0.17763+win32k)/amd64`, and gives it normalised.
 *
 * @throws {InvalidPlatformError}
 */
export function parsePlatform(text: string): Platform {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) {
    throw new InvalidPlatformError(text);
  }
  const features = (groups['features'] ?? '').split('+').filter((feature) => feature !== '');
  return normalizePlatform(
    platformOf({
      os: groups['os'] ?? '',
      architecture: groups['architecture'] ?? '',
      variant: groups['variant'] ?? '',
      osVersion: groups['version'] ?? '',
      osFeatures: features,
    }),
  );
}

/** The text of a platform that `parsePlatform` reads; for one without version and features that is OS/ARCH[/VARIANT]. */
export function formatPlatform(platform: Platform): string {
  const features = (platform.osFeatures ?? []).map((feature) => `+${feature}`).join('');
  const version = `${platform.osVersion ?? ''}${features}`;
  return [version === '' ? platform.os : `${platform.os}(${version})`, platform.architecture, platform.variant ?? '']
    .filter((part) => part !== '')
    .join('/');
}

/** The platform with the names that engines use: `Linux/x86_64` is `linux/amd64`, `linux/aarch64/v8` is `linux/arm64`. */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const { architecture, variant } = normalizeArchitecture(
    platform.architecture.toLowerCase(),
    (platform.variant ?? '').toLowerCase(),
  );
  return platformOf({
    os: os === '' ? hostOs() : os === 'macos' ? 'darwin' : os,
    architecture,
    variant,
    osVersion: platform.osVersion ?? '',
    osFeatures: platform.osFeatures ?? [],
  });
}

/** The platform of this process, normalised. For an engine's default ask the engine. */
export function hostPlatform(): Platform {
  return normalizePlatform({ os: hostOs(), architecture: nodeArchitectures.get(process.arch) ?? process.arch });
}

export function samePlatform(a: Platform, b: Platform): boolean {
  return formatPlatform(a) === formatPlatform(b);
}

const nodeArchitectures: ReadonlyMap<string, string> = new Map([
  ['x64', 'amd64'],
  ['ia32', '386'],
  ['ppc64', 'ppc64le'],
]);

function hostOs(): string {
  return process.platform === 'win32' ? 'windows' : process.platform;
}

function normalizeArchitecture(architecture: string, variant: string): { architecture: string; variant: string } {
  switch (architecture) {
    case 'i386':
      return { architecture: '386', variant: '' };
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return { architecture: 'amd64', variant: variant === 'v1' ? '' : variant };
    case 'aarch64':
    case 'arm64':
      return { architecture: 'arm64', variant: normalizeArm64(variant) };
    case 'armhf':
      return { architecture: 'arm', variant: 'v7' };
    case 'armel':
      return { architecture: 'arm', variant: 'v6' };
    case 'arm':
      return { architecture: 'arm', variant: normalizeArm(variant) };
    default:
      return { architecture, variant };
  }
}

function normalizeArm64(variant: string): string {
  switch (variant) {
    case '8':
    case 'v8':
    case 'v8.0':
      return '';
    case '9':
    case '9.0':
    case 'v9.0':
      return 'v9';
    default:
      return variant;
  }
}

function normalizeArm(variant: string): string {
  switch (variant) {
    case '':
    case '7':
      return 'v7';
    case '5':
    case '6':
    case '8':
      return `v${variant}`;
    default:
      return variant;
  }
}

/** Leaves out what is empty. */
export function platformOf(parts: {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly osVersion: string;
  readonly osFeatures: readonly string[];
}): Platform {
  return {
    os: parts.os,
    architecture: parts.architecture,
    ...(parts.variant === '' ? {} : { variant: parts.variant }),
    ...(parts.osVersion === '' ? {} : { osVersion: parts.osVersion }),
    ...(parts.osFeatures.length === 0 ? {} : { osFeatures: [...parts.osFeatures] }),
  };
}
