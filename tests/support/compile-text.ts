import { check } from '@hlb/checker';
import { type Diagnostic, sourceFile } from '@hlb/diagnostics';
import { type Facts, hostFacts, joinFacts } from '@hlb/facts';
import { printModule } from '@hlb/ir';
import { type CompileOptions, type CompileResult, compile, type ElaborateOptions, elaborate } from '@hlb/lowering';
import { parse } from '@hlb/parser';

/** Evaluates a program that is known to be good to IR text without places, and says what was reported. */
export function elaborateText(
  text: string,
  options: Partial<ElaborateOptions> = {},
): { readonly ir: string; readonly messages: readonly string[] } {
  const checked = check(parse(sourceFile('p.hlb', text)).module);
  if (checked.diagnostics.length > 0) throw new Error(checked.diagnostics.map(shown).join('\n'));
  const { module, diagnostics } = elaborate(checked, { targets: ['default'], directory: '.', ...options });
  return { ir: printModule(module, { origins: false }), messages: diagnostics.map(shown) };
}

/** Compiles a program with the facts of a host that has nothing but what is given. */
export async function compileText(
  text: string,
  options: Partial<CompileOptions> & { readonly host?: Partial<Facts> } = {},
): Promise<CompileResult> {
  const { host, ...rest } = options;
  return compile(sourceFile('p.hlb', text), {
    facts: { ...emptyHost(), ...host },
    platform: 'linux/amd64',
    verify: true,
    ...rest,
  });
}

/** A host at `/work` on which every path is a directory. */
function emptyHost(): Facts {
  const host = hostFacts({ cwd: '/work', home: '/home/me', os: 'linux', arch: 'amd64', environment: new Map() });
  return {
    ...joinFacts(host),
    path: async (path) => ({ kind: 'directory', realPath: path }),
    files: async () => [],
  };
}

/** A diagnostic on one line: `HLB0503 3:2 message`. */
export function shown({ code, message, labels }: Diagnostic): string {
  const at = labels[0]?.span;
  const place = at?.file.position(at.start);
  return `${code} ${place === undefined ? '-' : `${place.line}:${place.column}`} ${message}`;
}
