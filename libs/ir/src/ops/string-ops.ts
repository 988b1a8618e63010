import type { OpBase, OpId, Text } from './op-base.js';

/** Ops that yield a text that is only known later. */
export type StringOp =
  | ConcatOp
  | LayoutOp
  | FormatOp
  | TemplateOp
  | HostTextOp
  | HostEnvOp
  | CommandOp
  | ManifestOp
  | PushDigestOp;

/** The parts of an interpolated string, joined. */
export interface ConcatOp extends OpBase {
  readonly kind: 'concat';
  readonly parts: readonly Text[];
}

/** The body of a heredoc, laid out: its ends trimmed and, by form, its common indent removed or its lines joined. */
export interface LayoutOp extends OpBase {
  readonly kind: 'layout';
  readonly text: Text;
  readonly form: 'literal' | 'dedent' | 'fold';
}

/** Go's Sprintf over strings. */
export interface FormatOp extends OpBase {
  readonly kind: 'format';
  readonly format: Text;
  readonly values: readonly Text[];
}

/** Go's text/template over a map of strings. */
export interface TemplateOp extends OpBase {
  readonly kind: 'template';
  readonly template: Text;
  readonly fields: readonly { readonly name: Text; readonly value: Text }[];
}

/** The current directory of the process, the operating system or the architecture of this host, the latter two as Go names them. */
export interface HostTextOp extends OpBase {
  readonly kind: 'host-cwd' | 'host-os' | 'host-arch';
}

/** A variable of the environment; empty where it is not set. */
export interface HostEnvOp extends OpBase {
  readonly kind: 'host-env';
  readonly key: Text;
}

/** What a command on this host prints. Commands run once per op, in the order of the module's list. */
export interface CommandOp extends OpBase {
  readonly kind: 'command';
  readonly args: readonly Text[];
  readonly shlex: boolean;
  readonly ignoreError: boolean;
  readonly capture: 'stdout' | 'stderr' | 'both';
  /** The directory that it runs in. */
  readonly base: string;
}

/** What a registry serves for a reference. */
export interface ManifestOp extends OpBase {
  readonly kind: 'manifest';
  readonly ref: Text;
  readonly platform: { readonly os: Text; readonly arch: Text } | undefined;
  readonly part: 'manifest' | 'digest' | 'config' | 'index';
}

/** The digest of what a push pushed. */
export interface PushDigestOp extends OpBase {
  readonly kind: 'push-digest';
  readonly push: OpId;
}
