import type { Environment } from '../../address/docker-context.js';
import type { Attributes } from '../../control/solve-request.js';

/** The engine numbers them: their names may hold what a variable's can't. */
const PREFIX = 'BUILDKIT_FRONTEND_OPT_';

/** The attributes that an engine gives a frontend by its environment: `BUILDKIT_FRONTEND_OPT_0=filename=Dockerfile`. */
export function frontendAttrs(env: Environment): Attributes {
  const pairs = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    if (!name.startsWith(PREFIX) || value === undefined) return [];
    const end = value.indexOf('=');
    return end < 0 ? [[value, '']] : [[value.slice(0, end), value.slice(end + 1)]];
  });
  return new Map(pairs);
}
