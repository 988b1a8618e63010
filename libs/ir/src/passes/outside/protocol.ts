import type { DiagnosticCode } from '@hlb/diagnostics';
import type { FactKind, FactTable } from '../facts.js';
import type { OptionsIssue } from '../options.js';
import type { PassStat } from '../run-passes.js';

/** What the worker is started with. */
export interface WorkerStart {
  /** The module to import, a URL. */
  readonly url: string;
  /** The way from its namespace to the pass or the list of passes: `['default']`. */
  readonly path: readonly (string | number)[];
}

/** What the worker says of a pass that it has. */
export interface PassDescription {
  readonly name: string;
  readonly doc: string | undefined;
  readonly needs: readonly string[];
  readonly after: readonly string[];
  readonly before: readonly string[];
  readonly required: boolean;
  readonly facts: readonly FactKind[];
  readonly hasOptions: boolean;
  readonly idempotent: boolean;
  readonly keepsMeaning: boolean;
}

export type WorkerRequest =
  /** Asks the schema of a pass. What it makes of the value stays in the worker. */
  | { readonly kind: 'options'; readonly id: number; readonly pass: number; readonly value: unknown }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly pass: number;
      /** The module's text, with sources. */
      readonly text: string;
      /** Which answer of the schema the options are. */
      readonly options: number | undefined;
      readonly facts: FactTable | undefined;
      readonly platform: string | undefined;
    };

export type WorkerAnswer =
  | { readonly kind: 'loaded'; readonly passes: readonly PassDescription[] }
  | { readonly kind: 'not-loaded'; readonly message: string; readonly notes: readonly string[] }
  | {
      readonly kind: 'options';
      readonly id: number;
      /** Names what the schema made of the value. */
      readonly value: number;
      readonly issues: readonly OptionsIssue[] | undefined;
    }
  | {
      readonly kind: 'result';
      readonly id: number;
      /** The text of the new module, without sources; absent where nothing changed. */
      readonly text: string | undefined;
      /** What the pass reported, with spans as places in the module's list of files. */
      readonly findings: readonly unknown[];
      readonly stats: readonly PassStat[];
    }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: DiagnosticCode;
      readonly message: string;
      readonly notes: readonly string[];
      readonly helps: readonly string[];
    };
