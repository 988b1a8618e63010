import type { CheckedModule } from '@hlb/checker';
import { constantText } from './import-expression.js';
import { parseModuleLocation } from './uri.js';

/** The paths of the modules of this host that a module imports by a text that needs no evaluating; relative ones lead from its folder. */
export function pathImports(checked: CheckedModule): readonly string[] {
  return checked.imports.flatMap(({ decl }) => {
    const text = constantText(decl.expr);
    const location = text === undefined ? undefined : parseModuleLocation(text);
    return location?.kind === 'path' && location.path !== '' ? [location.path] : [];
  });
}
