import { FLAG, type Form, fields, form, having, list, map, oneOf, optional, TEXT, WORD } from './forms.js';

/** Forms of what several calls of this library take. */

/** What `connect` gives. A stand-in of a test is one, too. */
export const CONNECTION: Form = form(
  'a connection, as connect gives it',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    having('', 'unary', 'serverStream')(Reflect.get(value, 'channel'), '') === undefined,
);

/** What `openSession` gives. */
export const SESSION: Form = having('a session, as openSession gives it', 'addDirectory', 'addContentStore');

/** A graph. Its ops are looked at when they are sent. */
export const DEFINITION: Form = form(
  'a definition, as marshal of @hlb/llb gives it',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Array.isArray(Reflect.get(value, 'def')) &&
    Array.isArray(Reflect.get(value, 'digests')),
);

/** The environment of a process. */
export const ENVIRONMENT: Form = form(
  'an object of texts, as process.env is',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map),
);

/** An exporter, or a cache. */
export const ENTRY: Form = fields({ type: WORD, attrs: optional(map(TEXT)) });

/** Of an operating system and an architecture. */
export const PLATFORM: Form = fields({ os: TEXT, architecture: TEXT, variant: optional(TEXT) });

/** Names and values of headers. */
export const METADATA: Form = list(
  form(
    'a pair of texts',
    (value) => Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string'),
  ),
);

/** Files for TLS. */
export const TLS_FILES: Form = fields({
  ca: optional(TEXT),
  cert: optional(TEXT),
  key: optional(TEXT),
  serverName: optional(TEXT),
  verify: optional(FLAG),
});

export const EXPECTATION: Form = oneOf('buildkit', 'docker', 'either');
