import { posix } from 'node:path';
import { hostPath } from '@hlb/facts';
import type { Op, OpId, Text } from '@hlb/ir';
import { known, type Later, type Output } from '@hlb/plan';
import { BadValue, check } from '../problem.js';
import { imageReference } from '../values.js';
import { needsForcedCompression } from './compression.js';
import { type Definitions, opsOf } from './definitions.js';
import type { OutputOp } from './reach.js';

/**
 * What an output op leaves the engine as. In the reference only pushed images say what their last step was, and tarballs have no
 * config or an unfinished one; above `-O0` all image outputs are alike.
 */
export function lowerOutput(definitions: Definitions, op: OutputOp): Output {
  const exact = definitions.context.level === 'O0';
  switch (op.kind) {
    case 'download':
      return { kind: 'directory', path: outputPath(definitions, op, op.path, op.base) };
    case 'download-tarball':
      return { kind: 'tar', path: outputPath(definitions, op, op.path, op.base) };
    case 'download-oci-tarball':
      return {
        kind: 'oci-tar',
        path: outputPath(definitions, op, op.path, op.base),
        config: exact ? known('') : definitions.config(op.input, true, true),
      };
    case 'download-docker-tarball': {
      const ref = op.ref ?? { text: '' };
      return {
        kind: 'docker-tar',
        path: outputPath(definitions, op, op.path, op.base),
        ref: definitions.text(ref, (text) => check(op, ref, () => imageReference(text))),
        config: definitions.config(op.input, !exact, !exact),
      };
    }
    case 'docker-push':
      return {
        kind: 'push',
        ref: definitions.text(op.ref, (text) => check(op, op.ref, () => imageReference(text))),
        config: definitions.config(op.input, true, true),
        stargz: op.stargz,
        forceCompression: op.stargz && needsForcedCompression(definitions.now, op),
      };
    case 'docker-load':
      return {
        kind: 'load',
        // Docker's load takes the name as it was written.
        ref: definitions.text(op.ref, (text) => {
          check(op, op.ref, () => imageReference(text));
          return text;
        }),
        config: definitions.config(op.input, !exact, true),
      };
  }
}

/** The texts of an output that are only known later. */
export function outputTexts(op: OutputOp): readonly OpId[] {
  return opsOf(textsOf(op));
}

/** An output for people: `download dist`. */
export function outputName(op: OutputOp): string {
  const texts = textsOf(op).flatMap((text) => (typeof text?.text === 'string' ? [text.text] : []));
  return [op.kind.replace(/-/g, ' '), ...texts.map((text) => posix.normalize(text))].join(' ');
}

function textsOf(op: OutputOp): readonly (Text | undefined)[] {
  return ['path' in op ? op.path : undefined, 'ref' in op ? op.ref : undefined];
}

function outputPath(definitions: Definitions, op: Op, path: Text, base: string): Later<string> {
  const { cwd, home } = definitions.context.answers;
  return definitions.text(path, (text) => hostPath(text, { base, cwd, home }) ?? check(op, path, () => noHome(text)));
}

function noHome(path: string): never {
  throw new BadValue('HLB0515', { message: `${path}: the home directory of another user has no meaning here` }, 'call');
}
