import { PLATFORM } from '../arguments/engine-forms.js';
import {
  BIGINT,
  BYTES,
  COUNT,
  FLAG,
  type Form,
  fields,
  form,
  kinds,
  list,
  map,
  OBJECT,
  oneOf,
  optional,
  TEXT,
  WORD,
} from '../arguments/forms.js';

const MODE = oneOf('default', 'pull', 'local');

/** `ImageConfigOptions`. */
export const IMAGE_CONFIG_OPTIONS: Form = fields({
  platform: optional(PLATFORM),
  mode: optional(MODE),
  name: optional(TEXT),
  layout: optional(fields({ session: TEXT, store: TEXT })),
});

/** `SourceMetaOptions`. */
export const SOURCE_META_OPTIONS: Form = fields({
  attrs: optional(map(TEXT)),
  platform: optional(PLATFORM),
  mode: optional(MODE),
  name: optional(TEXT),
  noConfig: optional(FLAG),
  attestations: optional(list(TEXT)),
  gitObjects: optional(FLAG),
  checksum: optional(fields({ algorithm: oneOf('sha256', 'sha384', 'sha512'), suffix: optional(BYTES) })),
  sourcePolicies: optional(list(OBJECT)),
});

/** `FileRange`. */
export const FILE_RANGE: Form = fields({ offset: BIGINT, length: BIGINT });

/** `GatewayWarning`. */
export const WARNING: Form = fields({
  vertex: TEXT,
  level: optional(COUNT),
  message: TEXT,
  details: optional(list(TEXT)),
  url: optional(TEXT),
  source: optional(fields({ file: TEXT, data: BYTES, ranges: list(OBJECT) })),
});

/** `Reference`, of which scratch has none. */
export const REFERENCE: Form = (value, name) =>
  value === undefined
    ? `${name} is no reference to read from: the result is scratch`
    : fields({ id: TEXT })(value, name);

const reference = optional(fields({ id: TEXT }));

/** `GatewayResult`. */
export const RESULT: Form = fields({
  refs: kinds({ one: fields({ ref: reference }), platforms: fields({ refs: map(reference) }) }),
  metadata: map(BYTES),
  attestations: map(list(OBJECT)),
});

const owner = optional(fields({ uid: COUNT, gid: COUNT }));
const ofSession = fields({ path: TEXT, id: TEXT, optional: optional(FLAG), mode: optional(COUNT), owner });

const MOUNT: Form = kinds({
  result: fields({ path: TEXT, resultId: optional(TEXT), selector: optional(TEXT), readonly: optional(FLAG) }),
  cache: fields({ path: TEXT, id: TEXT, sharing: optional(oneOf('shared', 'private', 'locked')) }),
  tmpfs: fields({ path: TEXT, size: optional(BIGINT) }),
  secret: ofSession,
  ssh: ofSession,
});

/** `ContainerOptions`. */
export const CONTAINER_OPTIONS: Form = fields({
  mounts: list(MOUNT),
  network: optional(oneOf('sandbox', 'host', 'none')),
  platform: optional(PLATFORM),
  hostname: optional(TEXT),
  workerFilter: optional(list(TEXT)),
  extraHosts: optional(list(fields({ host: TEXT, ip: TEXT }))),
});

/** `ProcessOptions`. */
export const PROCESS_OPTIONS: Form = fields({
  args: form(
    'a list of texts, the program first',
    (value) => Array.isArray(value) && value.length > 0 && value.every((arg) => typeof arg === 'string'),
  ),
  cwd: optional(TEXT),
  env: optional(list(TEXT)),
  secretEnv: optional(list(fields({ id: TEXT, name: WORD, optional: optional(FLAG) }))),
  security: optional(oneOf('sandbox', 'insecure')),
  stdin: optional(FLAG),
  tty: optional(FLAG),
  user: optional(TEXT),
});
