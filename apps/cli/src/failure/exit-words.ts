/** Signals by the exit codes that shells and runtimes make of them (128 + number). */
const SIGNALS: Readonly<Record<number, string>> = {
  129: 'SIGHUP: its terminal went away',
  130: 'SIGINT: it was interrupted',
  131: 'SIGQUIT: it was told to quit',
  132: 'SIGILL: it met an instruction that this processor does not know',
  133: 'SIGTRAP: it met a breakpoint',
  134: 'SIGABRT: it aborted itself',
  135: 'SIGBUS: it used memory in a way that is not possible',
  136: 'SIGFPE: it divided by zero or the like',
  137: 'SIGKILL: it was killed, often for using too much memory',
  139: 'SIGSEGV: it read or wrote memory that is not its own',
  141: 'SIGPIPE: what it wrote to had ended',
  143: 'SIGTERM: it was asked to end',
  152: 'SIGXCPU: it used more processor time than allowed',
  153: 'SIGXFSZ: it wrote a larger file than allowed',
  159: 'SIGSYS: it made a system call that is not allowed',
};

/** What to try, by exit code. */
const HELPS: Readonly<Record<number, string>> = {
  126: '126 means that the file is no program that can be executed: is its mode right?',
  127: '127 means that the command was not found: is it installed in this file system, and on its PATH?',
  132: 'The program may be built for a newer processor than the one that the engine runs on.',
  137: 'Give the engine more memory, or let the command use less: fewer jobs at a time, say.',
  139: 'This is a fault of the program, or of emulation where the image is for another processor.',
  159: 'Programs that need more rights than a build has run with `security "insecure"`.',
};

/** An exit code in words: `exit code 137 (SIGKILL: …)`. */
export function exitWords(code: number): string {
  const signal = SIGNALS[code];
  return `exit code ${code}${signal === undefined ? '' : ` (${signal})`}`;
}

/** What can be tried after this exit code, if it tells anything. */
export function exitHelps(code: number): readonly string[] {
  const help = HELPS[code];
  return help === undefined ? [] : [help];
}
