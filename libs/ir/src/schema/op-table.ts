import type {
  ChangeOp,
  ConfigOp,
  FrontendOp,
  HttpOp,
  ImageOp,
  Op,
  OpKind,
  OutputOp,
  SettingOp,
  SourceOp,
  StringOp,
} from '../ops.js';
import { type AttributeRow, type Attributes, attributeRows, named, positional } from './row.js';
import {
  bytes,
  count,
  flag,
  fs,
  inputs,
  list,
  mode,
  optional,
  options,
  platform,
  resolved,
  result,
  string,
  text,
  textPairs,
  value,
  word,
} from './shape.js';

export type OpGroup = 'source' | 'change' | 'setting' | 'config' | 'output' | 'string';

/** The op of a kind. */
export type OpOf<Kind extends OpKind> = Op extends infer Any
  ? Any extends { readonly kind: infer Kinds }
    ? Kind extends Kinds
      ? Any
      : never
    : never
  : never;

type GroupOf<Any> = Any extends SourceOp
  ? 'source'
  : Any extends ChangeOp
    ? 'change'
    : Any extends SettingOp
      ? 'setting'
      : Any extends ConfigOp
        ? 'config'
        : Any extends OutputOp
          ? 'output'
          : Any extends StringOp
            ? 'string'
            : never;

interface OpDescription<Any> {
  readonly group: GroupOf<Any>;
  /** What it yields, a sentence without a full stop. */
  readonly doc: string;
  readonly attributes: Attributes<Any>;
}

const input = positional(fs, 'the file system that it starts from');
const base = named(string, 'the directory that a relative path starts from', '.');
const chown = named(optional(text), '`USER[:GROUP]`, names or numbers');
const createdTime = named(optional(text), 'the time of what is written, RFC 3339');
const continued = named(flag, 'the change of files that follows is made in one vertex with it');
const platformOption = named(optional(platform), 'operating system and architecture, in place of the default');

/**
 * Every op, one row each: adding an op is adding its interface and its row. Operands, text form, hashing, the verifier's check of
 * attributes, the graphs and the reference page follow from it. Attributes stand in the order of the text form.
 */
const opTable: { readonly [Kind in OpKind]: OpDescription<OpOf<Kind>> } = {
  scratch: { group: 'source', doc: 'The empty file system', attributes: {} },
  image: {
    group: 'source',
    doc: 'The root file system of an image, with its configuration',
    attributes: { ref: positional(text, 'the reference, as written'), platform: platformOption },
  },
  http: {
    group: 'source',
    doc: 'A file that an HTTP server gives',
    attributes: {
      url: positional(text, 'where it is'),
      checksum: named<HttpOp['checksum']>(optional(text), 'the digest that it must have'),
      chmod: named<HttpOp['chmod']>(optional(mode), 'its permissions; 0 is as if not given'),
      filename: named<HttpOp['filename']>(optional(text), 'its name'),
    },
  },
  git: {
    group: 'source',
    doc: 'A commit of a Git repository',
    attributes: {
      remote: positional(text, 'the repository, as written'),
      ref: positional(text, 'branch, tag or commit; empty for the default branch'),
      keepGitDir: named(flag, 'the `.git` directory is kept'),
    },
  },
  local: {
    group: 'source',
    doc: 'A directory or a file of this host',
    attributes: {
      path: positional(text, 'as written: absolute, below `~`, or relative to `base`'),
      base: named(string, 'the directory of the module that says so', '.'),
      include: named(list(text), 'only these patterns'),
      exclude: named(list(text), 'not these patterns'),
      generation: named(
        count,
        'which state of the directory it reads: outputs and commands of this host that may write there count it up',
        0,
      ),
      resolved: named(optional(resolved), 'what the host has there, once asked'),
    },
  },
  frontend: {
    group: 'source',
    doc: 'What a frontend of the engine makes of its inputs',
    attributes: {
      source: positional(text, "the frontend's image, or the engine's own `dockerfile.v0`"),
      opts: named<FrontendOp['opts']>(textPairs('key', 'value'), 'its options in order; of equal keys the last counts'),
      inputs: named<FrontendOp['inputs']>(inputs, 'its inputs, by name'),
    },
  },
  definition: {
    group: 'source',
    doc: 'LLB from elsewhere, kept as it is',
    attributes: {
      def: positional(list(bytes), 'encoded ops, the terminal one last; empty for scratch'),
      config: named(string, 'the image config that came with it, as JSON', ''),
    },
  },
  run: {
    group: 'change',
    doc: 'What a command leaves',
    attributes: {
      input,
      args: positional(list(text), 'the command; a single text is given to a shell'),
      options: named(options, 'in the order of the program'),
      result: named(result, 'which file system it gives: its root, or the mount at this place of its options', 'root'),
      keeps: named(list(count), 'mounts that it leaves a result of beside that, which other ops give'),
    },
  },
  copy: {
    group: 'change',
    doc: 'Files of another file system added',
    attributes: {
      input,
      source: positional(fs, 'where the files come from'),
      src: positional(text, 'a path in the source'),
      dst: positional(text, 'a path in the input'),
      followSymlinks: named(flag, 'links in the source are followed'),
      contentsOnly: named(flag, 'the contents of a directory are copied, not itself'),
      unpack: named(flag, 'archives are unpacked'),
      createDestPath: named(flag, 'missing directories of the destination are made'),
      allowWildcard: named(flag, '`src` is a pattern'),
      allowEmptyWildcard: named(flag, 'a pattern may match nothing'),
      chown,
      chmod: named(optional(mode), 'permissions, in place of those of the source'),
      createdTime,
      include: named(list(text), 'only these patterns'),
      exclude: named(list(text), 'not these patterns'),
      link: named(flag, 'copied onto nothing, with the directories above, and laid over the input'),
      continued,
    },
  },
  mkdir: {
    group: 'change',
    doc: 'A directory added',
    attributes: {
      input,
      path: positional(text, 'where'),
      mode: positional(mode, 'its permissions'),
      createParents: named(flag, 'missing directories above are made, and one that exists is no error'),
      chown,
      createdTime,
      continued,
    },
  },
  mkfile: {
    group: 'change',
    doc: 'A file added',
    attributes: {
      input,
      path: positional(text, 'where'),
      mode: positional(mode, 'its permissions'),
      content: positional(text, 'what it holds'),
      chown,
      createdTime,
      continued,
    },
  },
  rm: {
    group: 'change',
    doc: 'A file or a directory removed',
    attributes: {
      input,
      path: positional(text, 'which'),
      allowNotFound: named(flag, 'it may be missing'),
      allowWildcard: named(flag, '`path` is a pattern'),
      continued,
    },
  },
  merge: {
    group: 'change',
    doc: 'File systems laid over each other',
    attributes: { inputs: positional(list(fs), 'the lowest first') },
  },
  diff: {
    group: 'change',
    doc: 'What changed between two file systems',
    attributes: {
      base: positional(fs, 'the one before'),
      input: positional(fs, 'the one after, which also gives settings and image config'),
    },
  },
  env: {
    group: 'setting',
    doc: 'A variable that later commands see',
    attributes: { input, key: positional(text, 'its name'), value: positional(text, 'its value') },
  },
  dir: {
    group: 'setting',
    doc: 'The working directory of what follows',
    attributes: { input, path: positional(text, 'relative to the one before, or absolute') },
  },
  user: {
    group: 'setting',
    doc: 'The user of later commands',
    attributes: { input, name: positional(text, 'a name or a number') },
  },
  shell: {
    group: 'setting',
    doc: 'The command that later runs of a single text are given to',
    attributes: { input, args: positional(list(text), 'program and arguments, before the text') },
  },
  entrypoint: {
    group: 'config',
    doc: 'The entrypoint of the image',
    attributes: { input, args: positional(list(text), 'program and arguments') },
  },
  cmd: {
    group: 'config',
    doc: 'The default command of the image',
    attributes: { input, args: positional(list(text), 'program and arguments') },
  },
  label: {
    group: 'config',
    doc: 'A label of the image',
    attributes: { input, key: positional(text, 'its name'), value: positional(text, 'its value') },
  },
  expose: {
    group: 'config',
    doc: 'Ports that the image announces',
    attributes: { input, ports: positional(list(text), 'as written: `8080/tcp`') },
  },
  volumes: {
    group: 'config',
    doc: 'Directories of the image that hold volumes',
    attributes: { input, paths: positional(list(text), 'mount points') },
  },
  'stop-signal': {
    group: 'config',
    doc: 'The signal that stops a container of the image',
    attributes: { input, signal: positional(text, 'a name or a number') },
  },
  download: {
    group: 'output',
    doc: 'The input, whose files are written to a directory of this host',
    attributes: { input, path: positional(text, 'the directory'), base },
  },
  'download-tarball': {
    group: 'output',
    doc: 'The input, whose files are written to a tar file of this host',
    attributes: { input, path: positional(text, 'the file'), base },
  },
  'download-oci-tarball': {
    group: 'output',
    doc: 'The input, written as an OCI image to a tar file of this host',
    attributes: { input, path: positional(text, 'the file'), base, ref: named(optional(text), 'absent') },
  },
  'download-docker-tarball': {
    group: 'output',
    doc: 'The input, written as a Docker image to a tar file of this host',
    attributes: {
      input,
      path: positional(text, 'the file'),
      base,
      ref: named(optional(text), "the image's name; always present"),
    },
  },
  'docker-push': {
    group: 'output',
    doc: 'The input, pushed as an image to a registry',
    attributes: {
      input,
      ref: positional(text, 'the reference, as written'),
      stargz: named(flag, 'layers are written in the eStargz form'),
    },
  },
  'docker-load': {
    group: 'output',
    doc: 'The input, loaded as an image into the Docker engine',
    attributes: { input, ref: positional(text, 'the reference, as written') },
  },
  concat: {
    group: 'string',
    doc: 'Texts, joined',
    attributes: { parts: positional(list(text), 'in order') },
  },
  layout: {
    group: 'string',
    doc: 'The body of a heredoc, laid out',
    attributes: {
      text: positional(text, 'the body as written, interpolations filled in'),
      form: positional(word('literal', 'dedent', 'fold'), 'as it is, without its common indent, or on one line'),
    },
  },
  format: {
    group: 'string',
    doc: "A format of Go's `Sprintf`, filled in",
    attributes: { format: positional(text, 'the format'), values: positional(list(text), 'its operands') },
  },
  template: {
    group: 'string',
    doc: "A template of Go's `text/template`, filled in",
    attributes: {
      template: positional(text, 'the template'),
      fields: named(textPairs('name', 'value'), 'the fields of its data'),
    },
  },
  'host-cwd': { group: 'string', doc: 'The current directory of the process', attributes: {} },
  'host-os': { group: 'string', doc: 'The operating system of this host, as Go names it', attributes: {} },
  'host-arch': { group: 'string', doc: 'The architecture of this host, as Go names it', attributes: {} },
  'host-env': {
    group: 'string',
    doc: 'A variable of the environment; empty where it is not set',
    attributes: { key: positional(text, 'its name') },
  },
  command: {
    group: 'string',
    doc: 'What a command on this host prints, without the newlines at its end',
    attributes: {
      args: positional(list(text), 'the command; a single text is given to a shell'),
      shlex: named(flag, 'the one argument is split into words as a shell would'),
      ignoreError: named(flag, 'its exit code does not matter'),
      capture: named(word('stdout', 'stderr', 'both'), 'the stream that is read', 'stdout'),
      base: named(string, 'the directory that it runs in', '.'),
    },
  },
  manifest: {
    group: 'string',
    doc: 'What a registry serves for a reference',
    attributes: {
      ref: positional(text, 'the reference, as written'),
      part: positional(word('manifest', 'digest', 'config', 'index'), 'which of its texts'),
      platform: named<ImageOp['platform']>(optional(platform), 'which image of an index; `linux/amd64` without it'),
    },
  },
  'push-digest': {
    group: 'string',
    doc: 'The digest of what a push pushed',
    attributes: { push: positional(value('docker-push'), 'the push') },
  },
};

/** A row of the op table as generic code reads it. */
export interface OpRow {
  readonly kind: string;
  readonly group: OpGroup;
  readonly doc: string;
  readonly attributes: readonly AttributeRow[];
}

/** Every op, in the order of the reference page. */
export const opRows: readonly OpRow[] = Object.entries(opTable).map(([kind, { group, doc, attributes }]) => ({
  kind,
  group,
  doc,
  attributes: attributeRows(attributes),
}));

const byKind: ReadonlyMap<string, OpRow> = new Map(opRows.map((row) => [row.kind, row]));

/** The row of an op; `undefined` for a kind that is none. */
export function opRow(kind: string): OpRow | undefined {
  return byKind.get(kind);
}
