import { constantText } from '../../../values/constant-text.js';
import type { LintRule } from '../../rule.js';

/** Words of names that hold secrets, and endings that say that they only name a place. */
const SECRET =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SIGNING)_?KEY)(?:_|$)/i;
const PLACE = /_(?:FILE|PATH|DIR|URL|NAME|ID|USER|HOST)$/i;

/** Calls that write a text into the image or into what the engine keeps of a command. */
const KEPT = ['env', 'label', 'opt'];

export const secretInEnv: LintRule = {
  code: 'HLB0421',
  name: 'secret-in-env',
  severity: 'warning',
  description: 'A variable or label that is named like a secret: its value stays in the image and in the cache.',
  check({ index, at, report }) {
    for (const { resolution, args } of index.callsOf(...KEPT)) {
      if (resolution?.kind !== 'builtin') continue;
      const [key, value] = args;
      const name = key === undefined ? undefined : constantText(key);
      if (key === undefined || value === undefined || name === undefined || constantText(value) === '') continue;
      const plain = name.replace(/^build-arg:/, '');
      if (!SECRET.test(plain) || PLACE.test(plain)) continue;
      report({
        message: `\`${plain}\` looks like a secret, and its value stays in ${keptIn(resolution.builtin.name, resolution.builtin.kind)}`,
        at: at(key),
        label: 'visible to everyone who gets it',
        helps: ['Mount it with `secret`, and read the file in the command.'],
      });
    }
  },
};

function keptIn(name: string, kind: string): string {
  if (name === 'opt') return 'what the frontend makes';
  return kind === 'fs' ? 'the image' : 'the cache and the record of the build';
}
