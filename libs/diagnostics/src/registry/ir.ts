import type { DiagnosticRow } from '../registry.js';

export const irRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0601',
    title: 'Malformed IR text',
    explanation:
      'A file of IR text is not written as `hlb dump --stage ir` prints it: an op a line, then outputs, targets, files and calls. The place shows where reading ended.',
  },
  {
    code: 'HLB0602',
    title: 'Unknown op, option or attribute',
    explanation:
      'IR text names an op, an option of a run or an attribute that there is none of. The reference page of the IR lists them all.',
  },
  {
    code: 'HLB0603',
    title: 'Unknown or repeated reference',
    explanation:
      'IR text refers to a value, a file or a call that it does not define, or defines one twice. Each `%name`, `$number` and `#number` is defined by exactly one line.',
  },
  {
    code: 'HLB0604',
    title: 'Missing attribute',
    explanation:
      'An op or an option in IR text lacks an attribute that it must have. The reference page of the IR shows each op in full.',
  },
  {
    code: 'HLB0605',
    title: 'Place outside of its file',
    explanation:
      'IR text names a line and column that the file does not have. It happens where a file was changed after the text was written from it.',
  },
  {
    code: 'HLB0610',
    title: 'Unknown pass',
    explanation:
      'A pass names another one, as needed or as standing before or after it, that is not in the pipeline. `hlb passes` lists those that are.',
  },
  {
    code: 'HLB0611',
    title: 'Passes in a circle',
    explanation:
      "What some passes say of each other can't hold at once: each would have to run before the next. Take one `needs`, `after` or `before` away.",
  },
  {
    code: 'HLB0612',
    title: 'Two passes of one name',
    explanation:
      'Passes are told apart by their names: in options, on the command line and where others place themselves beside them. Rename one, or name the package once.',
  },
  {
    code: 'HLB0613',
    title: 'Wrong options of a pass',
    explanation:
      "The schema of a pass refuses the options that the configuration gives it. The message is the schema's own.",
  },
  {
    code: 'HLB0614',
    title: 'Needed pass does not run',
    explanation:
      'A pass needs another one that is left out here, at `-O0` or by the configuration. Let that one run too, or leave both out.',
  },
  {
    code: 'HLB0620',
    title: 'A pass failed',
    explanation:
      'A pass threw an exception. It is a fault of the pass: report it to those who wrote it. The build ends, for nothing is known of what the pass would have done.',
  },
  {
    code: 'HLB0621',
    title: 'A pass gave back a broken module',
    explanation:
      'Each pass must give back a module that keeps all invariants; the notes name those that are broken, and the reference page of the IR explains them. It is a fault of the pass.',
  },
  {
    code: 'HLB0622',
    title: 'A pass changed what it must keep',
    explanation:
      'No pass may drop or reorder what a build gives: outputs and targets stay as the program has them. It is a fault of the pass.',
  },
  {
    code: 'HLB0623',
    title: 'A pass did not end',
    explanation:
      'A pass took longer than it may, so it was stopped. Passes do no I/O and take milliseconds; one that takes this long is likely in an endless loop.',
  },
  {
    code: 'HLB0624',
    title: 'A fact could not be had',
    explanation:
      'A pass wants to know something from outside, and asking for it failed. The message says why; `--facts FILE` can give what is asked for.',
  },
  {
    code: 'HLB0625',
    title: 'A pass could not be loaded',
    explanation:
      "A module that the configuration or `--pass` names can't be imported, or what it exports by default is no pass made by `definePass`.",
  },
  {
    code: 'HLB0627',
    title: 'Unknown kind of facts',
    explanation:
      'A pass asks for facts of a kind that this version does not have. Update the tool, or use a version of the pass that fits it.',
  },
  {
    code: 'HLB0628',
    title: 'A pass took too much memory',
    explanation:
      'A pass filled the heap of its thread, or the process grew by more than half of the memory that there is (at most 4 GiB) while the pass ran, so it was stopped. It is likely in a loop that keeps what it makes; a fault of the pass.',
  },
  {
    code: 'HLB0630',
    title: 'Broken module',
    explanation:
      'The module breaks invariants before any pass has run. For IR text that was written by hand it is a mistake in it; for a program it is a fault of this tool that should be reported.',
  },
  {
    code: 'HLB0650',
    title: 'Reported by a pass',
    explanation:
      'A pass found something in the program that it was made to find: a policy that is not kept, for instance. A note names the pass, whose documentation says more.',
  },
];
