import { sourceFile } from '@hlb/diagnostics';
import { parse } from '@hlb/parser';
import { describe, expect, test } from 'vitest';
import { check } from './check.js';
import { checkReferences, interfaceOf } from './references.js';
import { findings, open, summary } from './testing/diagnose.js';

const kit = {
  kit: [
    'export tools\nexport version\nexport quiet\nexport built\nexport many',
    'fs tools(string tag) {\n\timage tag\n}',
    'string version() {\n\t"1"\n}',
    'option::run quiet() {\n\tenv "QUIET" "1"\n}',
    'fs compile(string tag) {\n\timage tag\n\trun "make" with option {\n\t\tmount scratch "/out" as built\n\t}\n}',
    'fs many(option::run how, variadic string all) {\n\timage "a"\n\trun all with how\n}',
    'fs hidden() {\n\tscratch\n}\n',
  ].join('\n\n'),
};

function inDefault(statements: string): string {
  return `import kit from "kit.hlb"\n\nfs default() {\n${statements}\n}\n`;
}

describe('what is taken from an import', () => {
  test('is checked like what the module declares itself', () => {
    const text =
      '\tkit.tools "a"\n\tmkfile "/v" 0o644 kit.version\n\tmkfile "/w" 0o644 "${kit.version}"\n\trun "x" with kit.quiet\n\tcopy kit.built("b") "/" "/"';
    expect(findings(inDefault(text), kit)).toEqual([]);
  });

  test('must be there and exported', () => {
    expect(findings(inDefault('\tkit.tool "a"\n\tkit.hidden\n\tkit.compile "a"\n\tkit.image "a"'), kit)).toEqual([
      'HLB0324 4:6 `kit` has no `tool`',
      'HLB0326 5:6 `kit` does not export `hidden`',
      'HLB0326 6:6 `kit` does not export `compile`',
      'HLB0326 7:6 `image` is a builtin, and not taken from a module',
    ]);
  });

  test('has kinds, numbers of arguments and options', () => {
    const text =
      '\tkit.version\n\tkit.tools\n\tkit.tools 5\n\tkit.tools "a" with option {\n\t\tshlex\n\t}\n\trun "x" with kit.version\n\tmkfile "/a" 0o644 "${kit.tools("a")}"';
    expect(findings(inDefault(text), kit)).toEqual([
      'HLB0310 4:6 each statement of `default` must give an `fs`, but `kit.version` gives a `string`',
      'HLB0312 5:2 `tools` takes 1 argument, but none is given',
      'HLB0310 6:12 `tools` needs a `string` for `tag`, but this is an `int`',
      'HLB0313 8:3 `kit.tools` takes no options',
      'HLB0310 10:19 `with` needs options of `run`, but `kit.version` gives a `string`',
      'HLB0316 11:27 an interpolation needs a `bool`, an `int` or a `string`, but `kit.tools` gives an `fs`',
    ]);
  });

  test('names the place in the module', () => {
    const { diagnostics } = open(inDefault('\tkit.tool "a"'), kit);
    expect(diagnostics[0]?.labels.map(({ span, message }) => `${span.file.name} ${message}`)).toEqual([
      'build.hlb did you mean `tools`?',
      'build.hlb imported here',
      'kit.hlb `tools` is declared here',
    ]);
  });

  test('resolves the arguments, by the kinds of the parameters', () => {
    const { checked, diagnostics } = open(
      inDefault('\tkit.many env("A", "b") "x" "y"\n\tkit.many option { shlex; }'),
      kit,
    );
    expect(diagnostics).toEqual([]);
    const decl = checked.module.decls.find((one) => one.kind === 'func');
    const calls = decl?.body?.items.filter((item) => item.kind === 'call-stmt') ?? [];
    const [env, option] = calls.map((call) => call.args[0]);
    expect(env === undefined ? undefined : checked.exprKind(env)).toBe('option::run');
    expect(option === undefined ? undefined : checked.exprKind(option)).toBe('option::run');
  });

  test('is known in the arguments of what is taken from another import', () => {
    const text =
      'import kit from "kit.hlb"\nimport other from "other.hlb"\n\nfs default() {\n\tkit.tools other.tag\n\tkit.tools other.nope\n\tkit.tools other.base\n}\n';
    const other = 'export tag\nexport base\n\nstring tag() {\n\t"a"\n}\n\nfs base() {\n\tscratch\n}\n';
    expect(findings(text, { ...kit, other })).toEqual([
      'HLB0324 6:18 `other` has no `nope`',
      'HLB0310 7:18 `tools` needs a `string` for `tag`, but `other.base` gives an `fs`',
    ]);
  });

  test('is not looked at before the module is known', () => {
    expect(findings(inDefault('\tkit.anything nope 5 with what'))).toEqual([]);
  });

  test('is looked at once, however often more modules become known', () => {
    const checked = check(parse(sourceFile('build.hlb', inDefault('\tkit.nope\n\tkit.tools'))).module);
    const known = new Map([['kit', interfaceOf(check(parse(sourceFile('kit.hlb', kit.kit)).module))]]);
    expect(checkReferences(checked, new Map())).toEqual([]);
    expect(checkReferences(checked, known).map(summary)).toHaveLength(2);
    expect(checkReferences(checked, known)).toEqual([]);
  });
});

describe('the interface of a module', () => {
  test('is what it exports, and the names of the rest', () => {
    const { exports, names } = interfaceOf(check(parse(sourceFile('kit.hlb', kit.kit)).module));
    expect([...exports.keys()]).toEqual(['tools', 'version', 'quiet', 'many', 'built']);
    expect(names.has('hidden')).toBe(true);
  });
});
