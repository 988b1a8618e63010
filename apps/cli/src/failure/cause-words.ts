import { releaseOf } from '@hlb/buildkit';
import type { FailureCause } from '@hlb/runtime';
import { visibleText } from '../views/visible-text.js';

/** What went wrong in our words: a sentence, and what to try. */
export interface CauseWords {
  readonly message: string;
  readonly helps: readonly string[];
}

/** What is known around a failure. */
export interface CauseContext {
  /** The image that failed, as the program's graph names it, without `docker-image://`. */
  readonly image: string | undefined;
  /** The platform that the op is for, `linux/arm64`. */
  readonly platform: string | undefined;
  /** Whether the user's configuration has a login for the registry. */
  readonly loggedIn: boolean;
}

/** Docker Hub under its names. */
const HUB = /^(?:registry-1\.docker\.io|docker\.io|index\.docker\.io)$/;

const MEBIBYTE = 1024 * 1024;

/** The sentence for a cause. A missing path has one of its own, since it depends on files of this host. */
export function causeWords(
  cause: Exclude<FailureCause, { readonly kind: 'path-missing' }>,
  context: CauseContext,
): CauseWords {
  switch (cause.kind) {
    case 'local-not-served': {
      const what = cause.name === undefined ? 'a local directory' : `the local directory ${quoted(cause.name)}`;
      return says(
        `the engine asked for ${what}, which this build does not serve`,
        'A frontend may have asked for a directory that it was not given: give it one with `input`.',
      );
    }
    case 'login-wanted':
      return loginWords(cause, context);
    case 'image-missing':
      return says(
        `there is no image ${shown(cause.image)}`,
        'Is its tag right, and has it been pushed? Tags may be removed; a digest stays.',
      );
    case 'platform-missing':
      return says(
        `the image ${shown(context.image ?? '')} is not there for ${context.platform ?? 'this platform'}`.replace(
          '  ',
          ' ',
        ),
        'Ask for another platform with --platform, or with `platform` where the image is used.',
      );
    case 'host-unknown':
      return says(
        `the name ${quoted(cause.host)} is not known where the build runs`,
        'Is the name right? If it is, the engine has no network or no name server that knows it: names are looked up there, not on this machine.',
      );
    case 'host-unreachable':
      return says(
        `nothing answers at ${shown(cause.address)}: ${cause.why}`,
        /127\.0\.0\.1|\[::1\]|localhost/.test(cause.address)
          ? 'This is the engine’s own machine, or the container that the engine is in: does it listen there?'
          : 'Is the address right, does it listen, and may the engine reach it (a firewall, a proxy)?',
      );
    case 'certificate-unknown':
      return says(
        'the engine does not trust the certificate of the other side',
        'Give the engine the certificate authority: in buildkitd.toml under [registry."HOST"], or in the certs.d folder of Docker.',
      );
    case 'plain-http':
      return says(
        'the registry speaks plain HTTP, and the engine asked in HTTPS',
        'Allow it in the engine: `http = true` for the registry in buildkitd.toml, or "insecure-registries" in daemon.json of Docker.',
      );
    case 'too-many-requests':
      return says(
        'the registry refuses more requests for now',
        'Log in, which gives more of them (docker login), wait a while, or give the engine a mirror.',
      );
    case 'http-status':
      return says(
        `the server answered with status ${cause.status}`,
        cause.status === 404
          ? 'Is the URL right? There is nothing there.'
          : 'Open the URL on its own to see what the server says.',
      );
    case 'checksum-differs':
      return says(
        'what was downloaded is not what the checksum says',
        `It has ${shown(cause.got)}: look at what it is, and put that into \`checksum\` if it is what you want.`,
      );
    case 'git-login-wanted':
      return says(
        'the git server wants a login',
        'For ssh addresses run an agent that has the key (SSH_AUTH_SOCK); for https the repository must be public, or the engine be given a token.',
      );
    case 'git-ref-missing':
      return says(
        `the repository has no branch, tag or commit ${quoted(cause.ref)}`,
        'Branches are named without `origin/`; commits need all 40 digits.',
      );
    case 'request-too-big':
      return says(
        `the definition takes ${mebibytes(cause.size)}, and this engine takes ${mebibytes(cause.limit)} at most`,
        cause.limit < 16 * MEBIBYTE
          ? 'Engines from BuildKit 0.14 on take 16 MiB: update it, or take large files from a local instead of writing them into the program.'
          : 'Take large files from a local instead of writing them into the program, and do the same with fewer operations.',
      );
    case 'disk-full':
      return says(
        'there is no space left where it was written',
        'Free space on the engine’s disk: docker system prune, or buildctl prune. A tmpfs is limited by memory.',
      );
    case 'memory-short':
      return says(
        'there was not enough memory',
        'Give the engine more memory, or let the command use less: fewer jobs at a time, say.',
      );
    case 'capability-missing':
      return capabilityWords(cause);
    case 'entitlement-refused':
      return entitlementWords(cause.entitlement);
    case 'secret-missing':
      return says('a secret that the command must have was not found', 'Is its file still there?');
    case 'agent-missing':
      return says(
        'the command wants an SSH agent, and there is none',
        'Start one and add a key (eval $(ssh-agent); ssh-add), so that SSH_AUTH_SOCK is set; or name keys with `localPaths`.',
      );
    case 'user-missing':
      return says(
        `there is no user ${quoted(cause.user)} in this file system`,
        'Its /etc/passwd must have the name; a number needs no entry.',
      );
    case 'program-missing':
      return programWords(cause.program);
    case 'program-not-executable':
      return says(
        `${quoted(cause.program)} can not be executed`,
        'Its mode must have x for the user that runs it: `copy … with chmod(0o755)`, or `run "chmod +x …"`. A folder is no program.',
      );
    case 'program-format':
      return says(
        `the program is not one that ${context.platform ?? 'this platform'} can run`,
        'It is built for another processor, or is a script without a first line such as `#!/bin/sh`.',
        'For another processor ask for that platform, or let the engine emulate it (binfmt).',
      );
    case 'directory-impossible':
      return says(`the directory ${quoted(cause.path)} can't be made: a file is in its way`, 'Look at `dir`.');
    case 'read-only':
      return says(
        'the command wrote to a file system that is read-only',
        'Mount a writable one there (without `readonly`), or leave `readonlyRootfs` out.',
      );
    case 'cancelled-with-others':
      return says(
        'it was ended because something else ended',
        'Run it again: what was built is in the engine’s cache.',
      );
  }
}

function loginWords(
  cause: Extract<FailureCause, { kind: 'login-wanted' }>,
  { image, loggedIn }: CauseContext,
): CauseWords {
  const name = cause.image ?? image;
  const registry = registryOf(cause.registry ?? name);
  const hub = HUB.test(registry);
  const what = name === undefined ? 'it' : `the image ${shown(name)}`;
  const login = `docker login${hub ? '' : ` ${shown(registry)}`}`;
  return says(
    `the registry ${shown(registry)} does not give or take ${what} ${loggedIn ? 'with this login' : 'without a login'}`,
    loggedIn ? `Another account may be allowed to: ${login}` : `Log in: ${login}`,
    ...(hub ? ['Is the name right? Docker Hub gives the same answer for images that are not there.'] : []),
  );
}

/** The registry of an image's name or of a host. */
function registryOf(name: string | undefined): string {
  const [first = ''] = (name ?? '').split('/');
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return isHost && first !== '' ? (HUB.test(first) ? 'docker.io' : first) : 'docker.io';
}

/** The host that an engine's message names as the one that was asked. */
function registryInMessage(message: string): string | undefined {
  return /"?https?:\/\/([^/"\s]+)\/v2\//.exec(message)?.[1] ?? /failed to push ([^\s/]+)\//.exec(message)?.[1];
}

/** The registry whose login matters for a failure. */
export function wantedRegistry(cause: FailureCause, image: string | undefined, message: string): string {
  if (cause.kind !== 'login-wanted') return 'docker.io';
  return registryOf(cause.image ?? image ?? registryInMessage(message));
}

function capabilityWords({ capability, why }: Extract<FailureCause, { kind: 'capability-missing' }>): CauseWords {
  const feature = FEATURES[capability] ?? `the capability ${shown(capability)}`;
  const release = releaseOf(capability);
  const helps = [
    ...(release === undefined ? [] : [`BuildKit has it from ${release} on.`]),
    ...(why !== undefined && /containerd/.test(why)
      ? [
          'In Docker it comes with the containerd image store: turn that on in its settings, or use a BuildKit of its own.',
        ]
      : ['Use a newer engine: hlb engine up starts one.']),
  ];
  return says(`this engine can not do ${feature}`, ...helps);
}

const FEATURES: Readonly<Record<string, string>> = {
  mergeop: '`merge`',
  diffop: '`diff`',
  'exec.mount.ssh': '`ssh` mounts',
  'exec.mount.secret': '`secret` mounts',
  'exec.secretenv': 'secrets in the environment',
  'exec.meta.security': '`security`',
  'exec.meta.network': '`network`',
};

function entitlementWords(entitlement: string): CauseWords {
  const [setting, call] =
    entitlement === 'security.insecure'
      ? ['security.insecure', '`security "insecure"`']
      : entitlement === 'network.host'
        ? ['network.host', '`network "host"`']
        : [entitlement, shown(entitlement)];
  return says(
    `the engine does not allow ${call}`,
    `Allow it there: buildkitd --allow-insecure-entitlement ${shown(setting)}, or insecure-entitlements in buildkitd.toml; in Docker "builder": {"entitlements": {"${shown(setting.replace('.', '-'))}": true}} of daemon.json.`,
  );
}

function programWords(program: string): CauseWords {
  const shell = /(?:^|\/)(?:ba|da|a)?sh$/.test(program);
  return shell
    ? says(
        `there is no shell ${quoted(program)} in this file system`,
        'A `run` with one text needs a shell. Give the command in several texts, run "/tool" "arg", or start from an image that has one.',
      )
    : says(
        `there is no program ${quoted(program)} in this file system`,
        'Is it installed there, under this path? A script’s first line may name a program that is missing, too.',
      );
}

function says(message: string, ...helps: readonly string[]): CauseWords {
  return { message, helps };
}

function shown(text: string): string {
  return visibleText(text);
}

function quoted(text: string): string {
  return JSON.stringify(visibleText(text));
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
