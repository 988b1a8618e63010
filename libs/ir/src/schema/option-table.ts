import type { MountOption, RunOption } from '../ops.js';
import { type AttributeRow, type Attributes, attributeRows, named, positional } from './row.js';
import { count, flag, fs, int, list, mode, optional, record, string, text } from './shape.js';

export type RunOptionKind = RunOption['kind'];

type OptionOf<Kind extends RunOptionKind> = RunOption extends infer Option
  ? Option extends { readonly kind: Kind }
    ? Option
    : never
  : never;

interface OptionDescription<Option> {
  /** What it does, a sentence without a full stop. */
  readonly doc: string;
  readonly attributes: Attributes<Option>;
}

/** Every option of `run`, one row each. */
const optionTable: { readonly [Kind in RunOptionKind]: OptionDescription<OptionOf<Kind>> } = {
  'readonly-rootfs': { doc: 'The root file system can only be read', attributes: {} },
  shlex: { doc: 'The one argument is split into words as a shell would', attributes: {} },
  env: {
    doc: 'A variable of this command alone',
    attributes: { key: positional(text, 'its name'), value: positional(text, 'its value') },
  },
  dir: {
    doc: 'The working directory of this command alone',
    attributes: { path: positional(text, 'relative to the working directory of the input, or absolute') },
  },
  user: { doc: 'The user of this command alone', attributes: { name: positional(text, 'a name or a number') } },
  'ignore-cache': {
    doc: 'The command runs again in every build',
    attributes: {
      nonce: positional(count, 'differs between any two evaluations, so that such runs are never shared'),
    },
  },
  network: {
    doc: 'The network that the command sees',
    attributes: { mode: positional(text, '`unset`, `host` or `none`') },
  },
  security: { doc: 'What the command may do', attributes: { mode: positional(text, '`sandbox` or `insecure`') } },
  host: {
    doc: 'A further entry of the hosts file',
    attributes: { name: positional(text, 'the name'), address: positional(text, 'its IP address') },
  },
  ssh: {
    doc: 'A socket of an SSH agent',
    attributes: {
      target: named(optional(text), 'where it is mounted; without it, `/run/buildkit/ssh_agent.N`'),
      localPaths: named(list(text), 'a socket or key files of this host; without any, the agent of the environment'),
      base: named(string, 'the directory that relative paths of this host start from', '.'),
      uid: named(optional(int), 'owner of the socket'),
      gid: named(optional(int), 'group of the socket'),
      mode: named(optional(mode), 'permissions of the socket'),
    },
  },
  forward: {
    doc: 'A socket whose connections are forwarded to this host',
    attributes: {
      source: positional(text, 'a URL to dial; `unix://PATH` for a socket'),
      target: positional(text, 'where it is mounted'),
      base: named(string, 'the directory that a relative path of this host starts from', '.'),
      uid: named(optional(int), 'owner of the socket'),
      gid: named(optional(int), 'group of the socket'),
      mode: named(optional(mode), 'permissions of the socket'),
    },
  },
  secret: {
    doc: 'A file of this host, or each file of a directory, that stays out of the result',
    attributes: {
      localPath: positional(text, 'the path on this host'),
      target: positional(text, 'where it is mounted'),
      include: named(list(text), 'which files of a directory, by patterns'),
      exclude: named(list(text), 'which files of a directory not, by patterns'),
      base: named(string, 'the directory that a relative path of this host starts from', '.'),
      uid: named(optional(int), 'owner of the file'),
      gid: named(optional(int), 'group of the file'),
      mode: named(optional(mode), 'permissions of the file'),
    },
  },
  mount: {
    doc: 'A file system at a place of the tree',
    attributes: {
      input: positional(fs, 'what is mounted'),
      target: positional(text, 'where'),
      readonly: named(flag, 'it can only be read'),
      tmpfs: named(flag, 'it is kept in memory and forgotten'),
      sourcePath: named(optional(text), 'the directory of the input that is mounted'),
      cache: named(
        optional(record<NonNullable<MountOption['cache']>>({ id: text, sharing: text })),
        'a directory that outlives the build: its id and how it is shared',
      ),
      named: named(flag, 'the program has a name for what the command leaves there'),
    },
  },
};

/** A row of the option table as generic code reads it. */
export interface RunOptionRow {
  readonly kind: string;
  readonly doc: string;
  readonly attributes: readonly AttributeRow[];
}

export const runOptionRows: readonly RunOptionRow[] = Object.entries(optionTable).map(
  ([kind, { doc, attributes }]) => ({ kind, doc, attributes: attributeRows(attributes) }),
);

const byKind: ReadonlyMap<string, RunOptionRow> = new Map(runOptionRows.map((row) => [row.kind, row]));

/** The row of an option; `undefined` for a kind that is none. */
export function runOptionRow(kind: string): RunOptionRow | undefined {
  return byKind.get(kind);
}
