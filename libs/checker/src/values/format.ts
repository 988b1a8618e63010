/**
 * What a builtin expects of a text beyond its kind: how it is written, or which of a few words it is.
 * `judge.ts` decides; the checker asks for literals, elaborating asks for what only evaluation gives.
 */
export type ValueFormat =
  | 'image-reference'
  | 'digest'
  | 'time'
  | 'ip-address'
  | 'http-url'
  | 'forward-url'
  | 'network-mode'
  | 'security-mode'
  | 'sharing-mode';
