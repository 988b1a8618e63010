import type { Later, Output, Step, StepId } from '@hlb/plan';

/** The steps that must be done before one starts: those that order puts before it, and those of whose results it is made. */
export function dependencies(step: Step): readonly StepId[] {
  const needed = [...latersOf(step), ...(step.lateNeeds === undefined ? [] : [step.lateNeeds])].flatMap((later) =>
    later.kind === 'later' ? later.needs : [],
  );
  return [...new Set([...step.after, ...needed])];
}

function latersOf(step: Step): readonly Later<unknown>[] {
  switch (step.kind) {
    case 'frontend':
      return [step.attrs, ...step.inputs.values()];
    case 'solve':
      return [step.definition];
    case 'fact':
      return [];
    case 'output':
      return [step.definition, ...step.outputs.flatMap(latersOfOutput)];
  }
}

function latersOfOutput(output: Output): readonly Later<unknown>[] {
  return [
    ...('path' in output ? [output.path] : []),
    ...('ref' in output ? [output.ref] : []),
    ...('config' in output ? [output.config] : []),
  ];
}
