import type { Session } from '@hlb/buildkit';
import type { SessionNeeds } from '@hlb/plan';

/** Lets a session serve what a step needs. Registering twice changes nothing, so every step may do it. */
export function serveNeeds(session: Pick<Session, 'addDirectory'>, needs: SessionNeeds): void {
  for (const { name, path, include, exclude } of needs.directories) {
    session.addDirectory({ name, path, include, exclude });
  }
}
