import { decodeOp } from '@hlb/llb';
import type { HiddenText } from './hidden-text.js';
import type { StepRecord } from './record.js';

type Op = ReturnType<typeof decodeOp>;
type Body = NonNullable<Op['op']>;
type Exec = Extract<Body, { $case: 'exec' }>['value'];
type FileOp = Extract<Body, { $case: 'file' }>['value'];
type Source = Extract<Body, { $case: 'source' }>['value'];
type Facts = readonly (readonly [name: string, text: string])[];
/** What hides words of texts. */
type Hiding = Pick<HiddenText, 'hide' | 'hideValue' | 'hash'>;

/** The longest text that is kept, in characters; of longer ones the beginning and a hash. */
const LONGEST = 4_000;

/** Attributes of sources that change from build to build or only name the transfer. */
const PASSING = /^local\.(?:session|unique|sharedkeyhint)$/;

/** What an op says, part by part. Names of local paths and digests of images are told as they are. */
export function opFacts(bytes: Uint8Array, hidden: HiddenText): Pick<StepRecord, 'kind' | 'facts'> {
  const op = decodeOp(bytes);
  const same = (text: string): string => text;
  const whole: Hiding = { hide: same, hideValue: same, hash: hidden.hash.bind(hidden) };
  const texts = factsOf(op, whole);
  const facts = factsOf(op, hidden).map(
    ([name, text], place) => [name, bounded(text, hidden), hidden.hash(texts[place]?.[1] ?? '', 16)] as const,
  );
  return { kind: op.op?.$case ?? 'passthrough', facts };
}

function factsOf({ op, platform }: Op, hidden: Hiding): Facts {
  const parts = platform === undefined ? [] : [platform.OS, platform.Architecture, platform.Variant];
  const name = parts.filter((part) => part !== '').join('/');
  return [...(op === undefined ? [] : bodyFacts(op, hidden)), ...(name === '' ? [] : [['platform', name] as const])];
}

function bounded(text: string, hidden: Hiding): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${hidden.hash(text, 8)})`;
}

function bodyFacts(body: Body, hidden: Hiding): Facts {
  switch (body.$case) {
    case 'exec':
      return execFacts(body.value, hidden);
    case 'file':
      return fileFacts(body.value, hidden);
    case 'source':
      return sourceFacts(body.value, hidden);
    default:
      return [];
  }
}

function execFacts({ meta, mounts, network, security, secretenv }: Exec, hidden: Hiding): Facts {
  if (meta === undefined) return [];
  const [shell = '', flag, text] = meta.args;
  const isShell = /sh$/.test(shell) && flag === '-c' && text !== undefined && meta.args.length === 3;
  return [
    ['command', hidden.hide(isShell ? text : meta.args.join(' '))],
    ...meta.env
      .filter((one) => !one.startsWith('HLB_IGNORE_CACHE='))
      .map((one): [string, string] => {
        const at = one.indexOf('=');
        return [`env ${one.slice(0, at)}`, hidden.hideValue(one.slice(at + 1))];
      }),
    ['dir', hidden.hide(meta.cwd)],
    ['user', hidden.hide(meta.user)],
    ['network', ['', 'host', 'none'][network] ?? ''],
    ['security', ['', 'insecure'][security] ?? ''],
    ...meta.extraHosts.map(({ Host, IP }): [string, string] => [`host ${hidden.hide(Host)}`, hidden.hideValue(IP)]),
    ...meta.ulimit.map(({ Name, Soft, Hard }): [string, string] => [`ulimit ${Name}`, `${Soft}:${Hard}`]),
    ...secretenv.map(({ ID, name }): [string, string] => [`secret ${name}`, hidden.hash(ID, 8)]),
    ...mounts
      .filter(({ dest }) => dest !== '/')
      .map((mount): [string, string] => [`mount ${mount.dest}`, mountText(mount, hidden)]),
    ['root', mounts.find(({ dest }) => dest === '/')?.readonly === true ? 'readonly' : ''],
  ];
}

function mountText(mount: Exec['mounts'][number], hidden: Hiding): string {
  const { cacheOpt, TmpfsOpt, secretOpt, SSHOpt } = mount;
  return [
    ...(mount.selector === '' ? [] : [`of ${hidden.hide(mount.selector)}`]),
    ...(mount.readonly ? ['readonly'] : []),
    ...(cacheOpt === undefined ? [] : [`cache ${hidden.hide(cacheOpt.ID)} ${cacheOpt.sharing}`]),
    ...(TmpfsOpt === undefined ? [] : [`tmpfs ${TmpfsOpt.size}`]),
    ...(secretOpt === undefined ? [] : [`secret ${hidden.hash(secretOpt.ID, 8)} ${secretOpt.mode.toString(8)}`]),
    ...(SSHOpt === undefined ? [] : [`ssh ${hidden.hash(SSHOpt.ID, 8)}`]),
  ].join(', ');
}

function fileFacts({ actions }: FileOp, hidden: Hiding): Facts {
  return actions.flatMap(({ action }) => (action === undefined ? [] : actionFacts(action, hidden)));
}

function actionFacts(action: NonNullable<FileOp['actions'][number]['action']>, hidden: Hiding): Facts {
  switch (action.$case) {
    case 'copy': {
      const { src, dest, ...options } = action.value;
      return [
        ['copy', hidden.hide(`${src} ${dest}`)],
        ['options of copy', optionText(options, hidden)],
      ];
    }
    case 'mkfile': {
      const { path, data, ...options } = action.value;
      return [
        ['mkfile', hidden.hide(path)],
        [`content of ${hidden.hide(path)}`, `${data.length} bytes ${hidden.hash(data, 8)}`],
        ['options of mkfile', optionText(options, hidden)],
      ];
    }
    case 'mkdir': {
      const { path, ...options } = action.value;
      return [
        ['mkdir', hidden.hide(path)],
        ['options of mkdir', optionText(options, hidden)],
      ];
    }
    case 'rm': {
      const { path, ...options } = action.value;
      return [
        ['rm', hidden.hide(path)],
        ['options of rm', optionText(options, hidden)],
      ];
    }
    case 'symlink':
      return [['symlink', hidden.hide(`${action.value.newpath} ${action.value.oldpath}`)]];
  }
}

/** Options that are set; names of owners and patterns are words of the program. */
function optionText(options: object, hidden: Hiding): string {
  return Object.entries(options)
    .filter(
      ([, value]) =>
        value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0),
    )
    .map(([name, value]) => {
      const text =
        typeof value === 'object'
          ? JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
          : String(value);
      return `${name} ${name === 'mode' && typeof value === 'number' && value >= 0 ? `0o${value.toString(8)}` : hidden.hide(text)}`;
    })
    .join(', ');
}

function sourceFacts({ identifier, attrs }: Source, hidden: Hiding): Facts {
  return [
    ...identifierFacts(identifier, hidden),
    ...[...attrs]
      .filter(([name]) => !PASSING.test(name))
      .map(([name, text]): [string, string] => [name, identifier.startsWith('local://') ? text : hidden.hide(text)]),
  ];
}

function identifierFacts(identifier: string, hidden: Hiding): Facts {
  if (identifier.startsWith('local://')) return [['local', identifier.slice('local://'.length)]];
  const image = /^(?:docker-image|oci-layout):\/\/([^@]+)(?:@(.+))?$/.exec(identifier);
  if (image === null) return [['source', hidden.hide(identifier)]];
  const [, name = '', digest] = image;
  return [['image', hidden.hide(name)], ...(digest === undefined ? [] : [['digest', digest] as const])];
}
