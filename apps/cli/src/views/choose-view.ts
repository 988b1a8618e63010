import { type ColorChoice, type Io, wantsColor } from '../process/io.js';
import type { BuildState } from './build-state.js';
import { onGithubActions } from './plain/actions-commands.js';
import { PlainView } from './plain/plain-view.js';
import { QuietView } from './quiet-view.js';
import { RawJsonView } from './rawjson-view.js';
import type { View, ViewName } from './view.js';

/** What is said about progress on the command line or in the configuration. */
export interface ViewOptions {
  readonly logOutput?: ViewName | 'auto';
  readonly color: ColorChoice;
}

/**
 * The view of a run, on standard error: on a terminal one that is drawn over itself, elsewhere, and on a terminal that can't do
 * that, plain lines; on GitHub Actions these in groups. What is loaded for a terminal or for a workflow is loaded only there: it
 * costs a good part of a start.
 */
export async function chooseView(io: Io, { logOutput = 'auto', color }: ViewOptions, state: BuildState): Promise<View> {
  const usual: ViewName = io.stderr.isTTY === true && !onGithubActions(io.env) ? 'tty' : 'plain';
  const name = logOutput === 'auto' ? usual : logOutput;
  switch (name) {
    case 'tty': {
      if (io.env.TERM === 'dumb') return plainView(io, state);
      const { TtyView } = await import('./tty/tty-view.js');
      return new TtyView(io.stderr, state, { color: wantsColor(io.stderr, color, io.env), env: io.env });
    }
    case 'plain':
      return plainView(io, state);
    case 'rawjson':
      return new RawJsonView(io.stderr, state);
    case 'quiet':
      return new QuietView(state);
  }
}

async function plainView(io: Io, state: BuildState): Promise<View> {
  if (!onGithubActions(io.env)) return new PlainView(io.stderr, state);
  const { ActionsView } = await import('./plain/actions-view.js');
  return new ActionsView(io.stderr, state);
}
