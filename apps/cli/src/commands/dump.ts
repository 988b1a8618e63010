import { type Diagnostic, nearest, type SourceFile } from '@hlb/diagnostics';
import { type IrModule, moduleToDot, moduleToMermaid, printModule } from '@hlb/ir';
import { lex, printTokens, readTokens } from '@hlb/lexer';
import { type CompileResult, dumpLlb, LoweringProblem, pipeline, printPlan } from '@hlb/lowering';
import { ModuleEngine } from '@hlb/modules';
import { parse, printAst, printAstJson } from '@hlb/parser';
import { usageError } from '../command-error.js';
import { compileFacts, compileProgram } from '../compiling.js';
import { openProject, type PipelineChoice, programFolder } from '../config/project.js';
import { withRunDefaults } from '../config/run-defaults.js';
import { withLazyEngine } from '../engine/lazy-engine.js';
import { type Io, write } from '../process/io.js';
import type { DumpFlags } from '../program/compiler.js';
import type { GlobalOptions } from '../program/options.js';
import { hasErrors, report, reportJson } from '../report.js';
import { readSource } from '../source/source-input.js';
import { writeTimings } from '../timings.js';

export interface DumpOptions extends GlobalOptions, DumpFlags {
  readonly file: string;
}

/** `hlb dump`: prints what a stage gave. Runs nothing; an engine is asked only for what it knows of images, and not with `--offline`. */
export async function dump(io: Io, options: DumpOptions): Promise<number> {
  const { stage, json } = options;
  const file = await readSource(io, options.file);
  if (stage === 'tokens') {
    const { tokens, diagnostics } = lex(file);
    if (json === true && hasErrors(diagnostics)) await reportJson(io, diagnostics);
    else {
      await write(io.stdout, json === true ? line([...readTokens(file, tokens)]) : printTokens(file, tokens));
      await report(io, diagnostics, options);
    }
    return hasErrors(diagnostics) ? 1 : 0;
  }
  if (stage === 'ast') {
    const { module, diagnostics } = parse(file);
    if (json === true && hasErrors(diagnostics)) await reportJson(io, diagnostics);
    else {
      await write(io.stdout, json === true ? `${printAstJson(module)}\n` : printAst(module));
      await report(io, diagnostics, options);
    }
    return hasErrors(diagnostics) ? 1 : 0;
  }

  const project = await openProject(io, options, programFolder(io, options.file));
  try {
    const names = [...pipeline.map(({ pass }) => pass), ...project.uses.map(({ pass }) => pass)].map(
      ({ name }) => name,
    );
    if (hasErrors(project.diagnostics)) return await failed(io, options, project.diagnostics);
    if (options.after !== undefined && !names.includes(options.after)) {
      const near = nearest(options.after, names);
      throw usageError(
        `there is no pass ${options.after}`,
        ...(near === undefined ? [] : [`Did you mean ${near}?`]),
        'hlb passes lists them.',
      );
    }
    return await dumpCompiled(io, file, withRunDefaults(io, options, project.config), project.pipeline);
  } finally {
    await project.close();
  }
}

/** The stages that need a compile. */
async function dumpCompiled(io: Io, file: SourceFile, options: DumpOptions, choice: PipelineChoice): Promise<number> {
  const { stage, json } = options;
  return withLazyEngine(io, options, async (engine, signal) => {
    const asked = await compileFacts(io, options, options.offline === true ? undefined : engine.facts, signal);
    const result = await compileProgram(file, options.file, options, {
      asked,
      modules:
        options.offline === true ? undefined : new ModuleEngine({ open: engine.open, signal, facts: asked.facts }),
      signal,
      ...choice,
    });
    await asked.record();
    if (options.timings === true) await writeTimings(io, result.timings, json === true);
    if (hasErrors(result.diagnostics)) return await failed(io, options, result.diagnostics);
    if (json !== true) await report(io, result.diagnostics, options);
    if (stage === 'ir' && options.after !== undefined && result.irAfter(options.after) === undefined) {
      const note = `note: the pass ${options.after} does not run here: this is the module before all passes\n`;
      await write(io.stderr, note);
    }
    if (stage === 'ir') await write(io.stdout, irText(irOf(result, options.after), options));
    else if (result.plan !== undefined && stage === 'llb') {
      // Paths are shown from where the facts were: those of another place give the same text here.
      const { facts } = asked;
      const llb = await dumpLlb(result.plan, { cwd: await facts.cwd(), facts }).catch(problemOf);
      // What stands in place of steps was asked for only now.
      await asked.record();
      if (llb instanceof LoweringProblem) return await failed(io, options, [llb.diagnostic]);
      await write(io.stdout, line(llb, json !== true));
    } else if (result.plan !== undefined) await write(io.stdout, printPlan(result.plan));
    return 0;
  });
}

function problemOf(error: unknown): LoweringProblem {
  if (error instanceof LoweringProblem) return error;
  throw error;
}

async function failed(io: Io, options: DumpOptions, diagnostics: readonly Diagnostic[]): Promise<number> {
  if (options.json === true) await reportJson(io, diagnostics);
  else await report(io, diagnostics, options);
  return 1;
}

/** The module at the end, or after a pass: where that did not run at this level, as elaborated. */
function irOf(result: CompileResult, after: string | undefined): IrModule | undefined {
  if (after === undefined) return result.optimized;
  return result.irAfter(after) ?? result.ir;
}

function irText(module: IrModule | undefined, options: DumpOptions): string {
  if (module === undefined) return '';
  if (options.format === 'dot') return moduleToDot(module);
  if (options.format === 'mermaid') return moduleToMermaid(module);
  return printModule(module);
}

function line(value: unknown, indented = false): string {
  return `${JSON.stringify(value, undefined, indented ? 2 : undefined)}\n`;
}
