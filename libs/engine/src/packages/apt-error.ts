import { diskFullError, EngineError, orElsewhere } from '../engine-error.js';
import { lastLines } from '../host/command.js';

/** What was being fetched when apt failed. */
export interface AptContext {
  readonly suite: string;
  readonly mirror: string;
  /** The folder that packages go to. */
  readonly folder: string;
}

/** Recognises what apt (in the C locale) says when it fails. */
export function aptError(output: string, { suite, mirror, folder }: AptContext): EngineError {
  const said = new Error(complaints(output));
  const networkHelp = orElsewhere(`Check the network and apt's proxy settings (\`apt-get update\` must work)`);
  if (/no space left|don't have enough free space/i.test(output)) return diskFullError(folder, said);
  if (/NO_PUBKEY|EXPKEYSIG|REVKEYSIG|BADSIG|is not signed|couldn't be verified|Missing key|not bound/i.test(output))
    return new EngineError(
      'untrusted-packages',
      `The packages of ${suite} from ${mirror} are not signed by a key that this system knows.`,
      `Install a newer keyring (\`apt-get install debian-archive-keyring\` or \`ubuntu-keyring\`), or set HLB_ENGINE_SUITE to this system's own suite.`,
      said,
    );
  if (
    /Could not resolve|Temporary failure|Could not connect|Cannot initiate|Unable to connect|unreachable|timed out|Connection (refused|failed|reset)/i.test(
      output,
    )
  )
    return new EngineError('no-network', `The package source ${mirror} can't be reached.`, networkHelp, said);
  if (/does not have a Release file|404 +Not Found|no longer has a Release/i.test(output))
    return new EngineError(
      'no-suite',
      `The package source ${mirror} doesn't have ${suite}.`,
      orElsewhere(`Set HLB_ENGINE_SUITE to a suite that it has (this system's own, for one)`),
      said,
    );
  const missing = /(?:Unable to locate package|Can't find|no installation candidate.*) (\S+)/i.exec(output)?.[1];
  if (missing !== undefined || /has no installation candidate|Unable to find a source package/i.test(output))
    return new EngineError(
      'no-package',
      `The suite ${suite} at ${mirror} doesn't have a package that is needed${missing ? `: ${missing}` : ''}.`,
      orElsewhere(`Set HLB_ENGINE_SUITE to another suite`),
      said,
    );
  return new EngineError(
    'packages-failed',
    `apt could not fetch the engine's packages: ${lastLines(said.message, 1).replace(/\.$/, '')}.`,
    networkHelp,
    said,
  );
}

/** apt's errors and warnings, or the end of its output when it marked none. */
function complaints(output: string): string {
  const marked = output.split('\n').filter((line) => /^(E|W|Err|Error|Warning):/.test(line));
  return marked.length > 0 ? marked.join('\n') : lastLines(output, 5);
}
