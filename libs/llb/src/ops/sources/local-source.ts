import { checkText } from '../../graph/check-form.js';
import type { OpOptions } from '../../graph/op-options.js';
import type { Output } from '../../graph/vertex.js';
import { goJsonStringArray } from '../../names/go-json.js';
import { SourceAttributes, sourceOp } from './source.js';

export interface LocalSourceOptions extends OpOptions {
  /** What the session knows the directory by. */
  readonly name: string;
  /** The session that serves it. */
  readonly sessionId?: string | undefined;
  /**
   * Makes the ops of different clients differ. Go's client writes one made up for each definition when there is no session id; nothing
   * is made up here, and with a session id it is not written.
   */
  readonly uniqueId?: string | undefined;
  readonly includePatterns?: readonly string[] | undefined;
  readonly excludePatterns?: readonly string[] | undefined;
  readonly followPaths?: readonly string[] | undefined;
  /** Under which an earlier transfer is found again; absent: the name. */
  readonly sharedKeyHint?: string | undefined;
  /** How changed files are found; absent: by metadata. */
  readonly differ?: 'none' | 'metadata' | undefined;
  /** Whether an engine that can't do `differ` must refuse. */
  readonly differRequired?: boolean | undefined;
  /** Only names and metadata are sent, but for files that match these patterns. */
  readonly metadataOnlyExcept?: readonly string[] | undefined;
}

/**
 * A directory of the client.
 *
 * @throws {InvalidOpError} without a name
 */
export function localSource(options: LocalSourceOptions): Output {
  checkText(options.name, 'the name of a local source');
  const source = new SourceAttributes('source.local');
  source.text('local.session', options.sessionId, 'source.local.sessionid');
  if (options.sessionId === undefined || options.sessionId === '') {
    source.text('local.unique', options.uniqueId, 'source.local.unique');
  }
  // Singular, unlike the others.
  source.text('local.includepattern', list(options.includePatterns), 'source.local.includepatterns');
  source.text('local.excludepatterns', list(options.excludePatterns), 'source.local.excludepatterns');
  source.text('local.followpaths', list(options.followPaths), 'source.local.followpaths');
  source.text('local.sharedkeyhint', options.sharedKeyHint, 'source.local.sharedkeyhint');
  source.text('local.differ', options.differ, options.differRequired === true ? 'source.local.differ' : undefined);
  if (options.metadataOnlyExcept !== undefined) {
    source.flag('local.metadatatransfer', true, 'source.local.metadatatransfer');
    source.text('local.metadatatransferexclude', list(options.metadataOnlyExcept));
  }
  return sourceOp({ ...options, ...source, identifier: `local://${options.name}` });
}

function list(patterns: readonly string[] | undefined): string | undefined {
  return patterns === undefined || patterns.length === 0 ? undefined : goJsonStringArray(patterns);
}
