/** A template that can't be parsed, or that fails while it is executed. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly stage: 'syntax' | 'execution';

  constructor(stage: 'syntax' | 'execution', message: string) {
    super(message);
    this.stage = stage;
  }
}

export function syntaxError(message: string): TemplateError {
  return new TemplateError('syntax', message);
}

export function executionError(message: string): TemplateError {
  return new TemplateError('execution', message);
}
