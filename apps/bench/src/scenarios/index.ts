import type { Scenario } from '../contest.js';
import { bigFile } from './big-file.js';
import { cachedNoop } from './cached-noop.js';
import { cliStart } from './cli-start.js';
import { compileScenario } from './compile.js';
import { exportBigFile } from './export-big-file.js';
import { exportSmallFiles } from './export-small-files.js';
import { firstEvent } from './first-event.js';
import { frontEnd } from './front-end.js';
import { manySteps } from './many-steps.js';
import { smallFiles } from './small-files.js';
import { transferLimits } from './transfer-limits.js';

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  cliStart,
  firstEvent,
  frontEnd,
  compileScenario,
  cachedNoop,
  manySteps,
  bigFile,
  smallFiles,
  exportBigFile,
  exportSmallFiles,
  transferLimits,
];
