import { isBuiltinCall } from '../../module-index.js';
import type { LintRule } from '../../rule.js';

export const forwardAsAgent: LintRule = {
  code: 'HLB0436',
  name: 'forward-as-agent',
  severity: 'info',
  description: 'A `forward` before any `ssh`: `SSH_AUTH_SOCK` will name the forwarded socket, as if it were an agent.',
  check({ index, at, report }) {
    for (const { kind, statements } of index.blocks) {
      if (kind !== 'option::run') continue;
      const sockets = statements.filter((site) => isBuiltinCall(site, 'forward') || isBuiltinCall(site, 'ssh'));
      const [first] = sockets;
      if (first === undefined || !isBuiltinCall(first, 'forward')) continue;
      const agent = sockets.find((site) => isBuiltinCall(site, 'ssh'));
      report({
        message:
          'the command will take this socket for an SSH agent: `SSH_AUTH_SOCK` names the first socket of a command',
        at: at(first.node.callee),
        label: 'the first socket',
        related: agent === undefined ? [] : [{ span: at(agent.node.callee), message: 'the agent comes after it' }],
        helps:
          agent === undefined
            ? ['Nothing is wrong if the command does not use SSH.']
            : ['Write `ssh` before `forward`.'],
      });
    }
  },
};
