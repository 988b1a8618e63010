import type { Command } from 'commander';

/** Adds an option that may be repeated; without a default, so that the configuration counts where it is not given. */
function several(command: Command, option: string, description: string): void {
  command.option(option, `${description} (may be repeated)`, (value: string, earlier: readonly string[] = []) => [
    ...earlier,
    value,
  ]);
}

/** The options of `hlb run` that hold for all solves of a build. */
export function addSettings(command: Command): void {
  several(command, '--cache-from <cache>', 'take results from a cache, as type=registry,ref=REF or REF alone');
  several(command, '--cache-to <cache>', 'keep what was built in a cache, as type=registry,ref=REF,mode=max');
  several(command, '--attest <attestation>', 'say something of outputs, as type=provenance,mode=max');
  several(command, '--allow <entitlement>', 'grant network.host or security.insecure to modules from elsewhere');
  command
    .option('--provenance <value>', 'say how outputs were made: true, false or mode=min|max')
    .option('--sbom <value>', 'say what is in outputs: true, false or generator=IMAGE')
    .option('--source-date-epoch <seconds>', 'no time in outputs is later (default: SOURCE_DATE_EPOCH)')
    .option('--source-policy <file>', "a policy on sources in BuildKit's JSON form")
    .option('--metadata-file <file>', 'write digests and names of what was built as JSON');
}
