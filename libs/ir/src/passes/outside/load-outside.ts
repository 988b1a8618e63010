import { Worker } from 'node:worker_threads';
import { type Diagnostic, diagnostic, sourceFile } from '@hlb/diagnostics';
import type { IrModule } from '../../module.js';
import { parseModule } from '../../text/parse.js';
import { printWithFiles } from '../../text/print.js';
import { contextFacts } from '../context-facts.js';
import { PassFailure } from '../failure.js';
import { findingDiagnostic } from '../finding.js';
import type { Pass, PassContext } from '../pass.js';
import { defaultMemoryLimit, memoryText, watchMemory } from './memory-limit.js';
import type { PassDescription, WorkerAnswer, WorkerRequest, WorkerStart } from './protocol.js';
import { decodeSpans } from './span-data.js';

export interface OutsideOptions {
  /** The way from the module's namespace to the pass or the list of passes. Default: `['default']`. */
  readonly path?: readonly (string | number)[];
  /** What messages call the module. Default: its URL. */
  readonly name?: string;
  /** Milliseconds that loading and each run may take. Default: 60,000. */
  readonly timeLimit?: number;
  /** Bytes by which the process may grow while the module is loaded, or a pass runs. Default: half of the memory, at most 4 GiB. */
  readonly memoryLimit?: number;
  /** The built `pass-worker` module, where it doesn't lie beside this one (in a bundle). */
  readonly worker?: URL;
}

export interface OutsidePasses {
  /** Empty where they could not be loaded. */
  readonly passes: readonly Pass[];
  readonly diagnostics: readonly Diagnostic[];
  /** Ends the thread in which they run. */
  close(): Promise<void>;
}

const defaultTimeLimit = 60_000;

/**
 * Loads passes of a module (a URL that can be imported) into a thread of their own. There an exception, an endless loop, a full
 * memory or `process.exit` end with a diagnostic and not with the build's process. What they print goes to stderr.
 */
export async function loadOutsidePasses(url: string, options: OutsideOptions = {}): Promise<OutsidePasses> {
  const start: WorkerStart = { url, path: options.path ?? ['default'] };
  const thread = new PassThread(options.worker ?? new URL('./pass-worker.js', import.meta.url), start, {
    time: options.timeLimit ?? defaultTimeLimit,
    memory: options.memoryLimit ?? defaultMemoryLimit(),
  });
  const close = (): Promise<void> => thread.close();
  try {
    const described = await thread.loaded();
    return { passes: described.map((of, index) => outsidePass(thread, index, of)), diagnostics: [], close };
  } catch (error) {
    await thread.close();
    const { message, notes } = error instanceof PassFailure ? error : { message: String(error), notes: [] };
    const reason = message.startsWith('failed: ') ? message.slice('failed: '.length) : `it ${message}`;
    return {
      passes: [],
      diagnostics: [diagnostic('HLB0625', { message: `${options.name ?? url} can't be loaded: ${reason}`, notes })],
      close,
    };
  }
}

function outsidePass(thread: PassThread, index: number, description: PassDescription): Pass {
  const { name, doc, facts, hasOptions, ...rest } = description;
  return {
    ...rest,
    name,
    ...(doc === undefined ? {} : { doc }),
    facts,
    ...(hasOptions
      ? {
          options: {
            '~standard': {
              version: 1,
              vendor: 'hlb',
              validate: async (value: unknown) => {
                const answer = await thread.ask({ kind: 'options', pass: index, value });
                if (answer.kind !== 'options') throw new PassFailure('HLB0620', 'gave no answer about its options');
                return answer.issues === undefined ? { value: answer.value } : { issues: answer.issues };
              },
            },
          },
        }
      : {}),
    run: (module, context) => runOutside(thread, index, name, module, context),
  };
}

async function runOutside(
  thread: PassThread,
  pass: number,
  name: string,
  module: IrModule,
  context: PassContext,
): Promise<IrModule> {
  const { table, platform } = contextFacts(context);
  const { text, files } = printWithFiles(module, { sources: true });
  const answer = await thread.ask(
    {
      kind: 'run',
      pass,
      text,
      options: typeof context.options === 'number' ? context.options : undefined,
      facts: table,
      platform,
    },
    context.signal,
  );
  if (answer.kind !== 'result') throw new PassFailure('HLB0620', 'gave no module');
  for (const finding of answer.findings) context.report(findingDiagnostic(name, decodeSpans(finding, files)));
  for (const { name: stat, before, after } of answer.stats) context.stat(stat, before, after);
  if (answer.text === undefined) return module;
  const parsed = parseModule(sourceFile(`<result of ${name}>`, answer.text), { files });
  if (parsed.module !== undefined) return parsed.module;
  const notes = parsed.diagnostics.map(({ message }) => message);
  throw new PassFailure('HLB0621', 'gave back a module that cannot be read', notes);
}

/** `T` without the number that tells questions apart. */
type Question<T = WorkerRequest> = T extends unknown ? Omit<T, 'id'> : never;

interface Waiting {
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/** What a question may take: milliseconds, and bytes. */
interface Limits {
  readonly time: number;
  readonly memory: number;
}

/** The thread's number of the answer that tells that it has loaded. */
const loading = -1;

class PassThread {
  readonly #worker: Worker;
  readonly #limits: Limits;
  readonly #waiting = new Map<number, Waiting>();
  readonly #loaded: Promise<WorkerAnswer>;
  #next = 0;
  #ended: PassFailure | undefined;

  constructor(url: URL, start: WorkerStart, limits: Limits) {
    this.#limits = limits;
    this.#worker = new Worker(url, { workerData: start, execArgv: [], stdout: true, stderr: true });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.on('data', (printed: Uint8Array) => process.stderr.write(printed));
    }
    this.#worker.on('message', (answer: WorkerAnswer) => this.#settle('id' in answer ? answer.id : loading, answer));
    this.#worker.on('error', (error) => this.#end(failureOfThread(error)));
    this.#worker.on('exit', () => this.#end(new PassFailure('HLB0620', 'ended the thread that it runs in')));
    this.#worker.unref();
    this.#loaded = this.#answered(loading, undefined);
  }

  async loaded(): Promise<readonly PassDescription[]> {
    const answer = await this.#loaded;
    if (answer.kind === 'loaded') return answer.passes;
    throw answer.kind === 'not-loaded'
      ? new PassFailure('HLB0625', answer.message, answer.notes)
      : new PassFailure('HLB0625', 'gives no passes');
  }

  async ask(question: Question, signal?: AbortSignal): Promise<WorkerAnswer> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#next++;
    const answered = this.#answered(id, signal);
    this.#worker.postMessage({ ...question, id });
    const answer = await answered;
    if (answer.kind === 'failed') throw new PassFailure(answer.code, answer.message, answer.notes, answer.helps);
    return answer;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The answer to a question; the thread is ended when it takes too long or too much memory, or the signal is aborted. */
  #answered(id: number, signal: AbortSignal | undefined): Promise<WorkerAnswer> {
    return new Promise((resolve, reject) => {
      const stop = (reason: unknown): void => {
        this.#waiting.get(id)?.reject(reason);
        void this.#worker.terminate();
      };
      const onAbort = (): void => stop(signal?.reason);
      const { time, memory } = this.#limits;
      const limit = setTimeout(() => stop(new PassFailure('HLB0623', `did not end within ${time / 1000} s`)), time);
      const watched = watchMemory(memory, () => stop(fullMemory(`took more than ${memoryText(memory)} of memory`)));
      signal?.addEventListener('abort', onAbort, { once: true });
      const settle = (): void => {
        clearTimeout(limit);
        watched();
        signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
      });
    });
  }

  #settle(id: number, answer: WorkerAnswer): void {
    this.#waiting.get(id)?.resolve(answer);
  }

  #end(failure: PassFailure): void {
    this.#ended ??= failure;
    for (const waiting of [...this.#waiting.values()]) waiting.reject(failure);
  }
}

/** V8 bounds the thread's heap, {@link watchMemory} what stands outside of it. */
function failureOfThread(error: unknown): PassFailure {
  const full = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return full ? fullMemory('filled its heap') : new PassFailure('HLB0620', `failed: ${messageOf(error)}`);
}

function fullMemory(message: string): PassFailure {
  return new PassFailure('HLB0628', message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
