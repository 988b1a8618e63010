export { engineDown, enginePurge } from './engine-down.js';
export { EngineError, type EngineErrorCode } from './engine-error.js';
export type { EngineInfo, EngineOptions } from './engine-options.js';
export { canManageEngine, type EngineStatus, engineStatus, type Unusable } from './engine-status.js';
export { engineUp } from './engine-up.js';
