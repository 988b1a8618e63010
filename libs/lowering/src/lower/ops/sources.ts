import type { GitOp, HttpOp, ImageOp, LocalOp, OpId } from '@hlb/ir';
import {
  gitSource,
  httpSource,
  imageSource,
  localSource,
  type OpOptions,
  type Output,
  type Platform,
  relocated,
} from '@hlb/llb';
import { knownHosts, resolvedLocal } from '../host-answers.js';
import type { Lowerer, LoweringContext } from '../lowerer.js';
import { check } from '../problem.js';
import { environmentOf } from '../state/environment.js';
import { configSettings, readConfig } from '../state/image-config.js';
import { absoluteDir, type FsState, sourceState } from '../state/state.js';
import { digest, gitRemote, httpUrl, imageReference, sshHost } from '../values.js';

export function lowerImage(lowerer: Lowerer, op: ImageOp, id: OpId): FsState {
  const { texts, context } = lowerer;
  const ref = check(op, op.ref, () => imageReference(texts.of(op.ref)));
  const platform = imagePlatform(lowerer, op);
  const fact = lowerer.imageConfig(id, ref, `${platform.os}/${platform.architecture}`);
  const pinned = context.level !== 'O0' && fact?.digest !== undefined && !ref.includes('@');
  const named = { ref: pinned ? `${ref}@${fact.digest}` : ref, platform, isExplicit: op.platform !== undefined };
  const { output, state } = madeImage(context, named, fact?.config);
  return { ...state, output: relocated(output, located(lowerer, op)) };
}

/** An image and its state, without places. */
export interface MadeImage {
  readonly output: Output;
  readonly state: FsState;
  /** Its config as text. */
  readonly text: string | undefined;
}

/** An image that is named many times is made once. */
function madeImage({ images }: LoweringContext, named: NamedImage, text: string | undefined): MadeImage {
  const { ref, platform } = named;
  // Nearly all are of the build's own platform, which is one object.
  const ofPlatform = images.get(platform) ?? new Map<string, MadeImage>();
  images.set(platform, ofPlatform);
  const known = ofPlatform.get(ref);
  if (known !== undefined && known.text === text) return known;
  const image = { output: imageSource({ ref, platform }), state: imageState(named, text), text };
  ofPlatform.set(ref, image);
  return image;
}

interface NamedImage {
  readonly ref: string;
  readonly platform: Platform;
  /** Whether the op itself says the platform. */
  readonly isExplicit: boolean;
}

function imageState({ platform, isExplicit }: NamedImage, text: string | undefined): FsState {
  const valuePlatform = isExplicit ? platform : undefined;
  const config = text === undefined ? undefined : readConfig(text);
  if (config === undefined) return sourceState(undefined, { platform, valuePlatform });
  const settings = configSettings(config);
  const state = sourceState(undefined, {
    environment: environmentOf(settings.env),
    dir: absoluteDir('/', settings.dir),
    configUser: settings.user,
    platform: platformOf(settings) ?? platform,
    valuePlatform,
    configDir: settings.dir,
  });
  return { ...state, config: { kind: 'base', config } };
}

/** The platform that an image is asked for. */
function imagePlatform({ texts, context }: Lowerer, { platform }: ImageOp): Platform {
  if (platform === undefined) return context.platform;
  return makePlatform(texts.of(platform.os), texts.of(platform.arch), '');
}

function platformOf(settings: {
  readonly os: string;
  readonly arch: string;
  readonly variant: string;
}): Platform | undefined {
  if (settings.os === '' || settings.arch === '') return undefined;
  return makePlatform(settings.os, settings.arch, settings.variant);
}

export function lowerHttp(lowerer: Lowerer, op: HttpOp): FsState {
  const { texts } = lowerer;
  const checksum = op.checksum;
  const mode = op.chmod === undefined ? 0 : Number(op.chmod & 0o777n);
  const output = httpSource({
    url: check(op, op.url, () => httpUrl(texts.of(op.url))),
    ...(checksum === undefined ? {} : { checksum: check(op, checksum, () => digest(texts.of(checksum))) }),
    ...(mode === 0 ? {} : { mode }),
    filename: texts.optional(op.filename),
    ...located(lowerer, op),
  });
  return sourceState(output);
}

export function lowerGit(lowerer: Lowerer, op: GitOp, id: OpId): FsState {
  const { texts } = lowerer;
  const remote = check(op, op.remote, () => gitRemote(texts.of(op.remote)));
  const host = sshHost(remote);
  const known = host === undefined ? [] : knownHosts(lowerer, id, host);
  const output = gitSource({
    remote,
    ...(known.length === 0 ? {} : { knownSshHosts: `${known.join('\n')}\n` }),
    ref: texts.of(op.ref),
    keepGitDir: op.keepGitDir,
    ...located(lowerer, op),
  });
  return sourceState(output);
}

export function lowerLocal(lowerer: Lowerer, op: LocalOp, id: OpId): FsState {
  const { source } = lowerer.context.locals.lower(op, resolvedLocal(lowerer, op, id), lowerer.texts);
  return sourceState(localSource({ ...source, ...located(lowerer, op) }));
}

/** Where the op comes from, and above `-O0` the call that it is shown with. */
export function located(
  { context }: Pick<Lowerer, 'context'>,
  op: Parameters<Lowerer['context']['places']['of']>[0],
): Pick<OpOptions, 'locations' | 'progressGroup'> {
  return {
    locations: context.places.of(op),
    progressGroup: context.level === 'O0' ? undefined : context.groups.of(op),
  };
}

function makePlatform(os: string, architecture: string, variant: string): Platform {
  return { os, architecture, ...(variant === '' ? {} : { variant }) };
}
