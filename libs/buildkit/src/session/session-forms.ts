import {
  CALLBACK,
  COUNT,
  FLAG,
  type Form,
  fields,
  form,
  having,
  kinds,
  list,
  MILLISECONDS,
  OBJECT,
  optional,
  SIGNAL,
  TEXT,
  TEXT_OR_BYTES,
  WORD,
  WRITABLE,
} from '../arguments/forms.js';

/* What is registered is looked at when an engine asks for it, long after and far from the mistake. */

/** `SessionTransport`. */
export const TRANSPORT: Form = having('a connection, as connect gives it', 'openSessionStream');

/** `CredentialSource`. */
export const CREDENTIAL_SOURCE: Form = having('a source of credentials, as dockerCredentials gives it', 'credentials');

/** `SessionOptions`. */
export const SESSION_OPTIONS: Form = fields({
  id: optional(WORD),
  name: optional(TEXT),
  sharedKey: optional(TEXT),
  healthTimeout: optional(MILLISECONDS),
  auth: optional(
    fields({
      source: optional(CREDENTIAL_SOURCE),
      seedFile: optional(TEXT),
      ca: optional(CALLBACK),
      onProgress: optional(CALLBACK),
      env: optional(OBJECT),
    }),
  ),
  exporter: optional(having('an object with findExporters', 'findExporters')),
  policy: optional(CALLBACK),
  signal: optional(SIGNAL),
});

/** `LocalDirectory`. */
export const DIRECTORY: Form = fields({
  name: TEXT,
  path: WORD,
  include: optional(list(TEXT)),
  exclude: optional(list(TEXT)),
});

const exporterId = COUNT;

/** `OutputTarget`. */
export const TARGET: Form = kinds({
  directory: fields({ exporterId, path: WORD, mirror: optional(FLAG) }),
  file: fields({ exporterId, path: WORD }),
  stream: fields({ exporterId, sink: WRITABLE, name: optional(TEXT) }),
});

/** `Secret`. */
export const SECRET: Form = fields({
  id: TEXT,
  source: kinds({
    file: fields({ path: WORD }),
    env: fields({ name: TEXT }),
    value: fields({ value: TEXT_OR_BYTES }),
    callback: fields({ get: CALLBACK }),
  }),
});

const id = optional(TEXT);

/** `ForwardedAgent`. */
export const AGENT: Form = kinds({
  agent: fields({ id, socket: TEXT }),
  keys: fields({ id, files: list(WORD) }),
  forward: fields({ id, address: TEXT }),
});

/** `ContentStore`. */
export const CONTENT_STORE: Form = fields({ id: TEXT, path: WORD, writable: optional(FLAG) });

/** `UploadSource`. */
export const UPLOAD: Form = form(
  'a stream, as Readable.from([bytes]) makes one',
  (value) =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, Symbol.asyncIterator) === 'function',
);
