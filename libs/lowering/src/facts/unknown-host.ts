import { BadValue } from '../lower/problem.js';

/**
 * A host of git whose keys are not known: whoever answered in its place would be believed.
 *
 * @param host as in a URL: `example.com`, `example.com:2222`
 */
export function unknownHost(host: string, severity: 'error' | 'warning'): BadValue {
  const [, name = host, port = '22'] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const bare = name.replace(/^\[|\]$/g, '');
  const scan = port === '22' ? bare : `-p ${port} ${bare}`;
  return new BadValue('HLB0536', {
    message: `the keys of the git host ${host} are not known`,
    label: 'nobody could tell who answers in its place',
    notes: ['There is no line for it in ~/.ssh/known_hosts.'],
    helps: [
      `\`ssh-keyscan ${scan} >> ~/.ssh/known_hosts\` adds its keys; compare them with those that its owner publishes.`,
    ],
    severity,
  });
}
