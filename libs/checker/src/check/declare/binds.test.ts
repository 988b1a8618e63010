import { describe, expect, test } from 'vitest';
import { findings, open } from '../testing/diagnose.js';

describe('binds', () => {
  test('declare functions with the parameters of the one around them', () => {
    const text =
      'fs a(string b) {\n\timage b\n\trun "c" with option {\n\t\tmount scratch "/d" as d\n\t}\n}\n\nfs e() {\n\td "x"\n\td\n}\n';
    expect(findings(text)).toEqual(['HLB0312 10:2 `d` takes 1 argument, but none is given']);
  });

  test('take the first result, or those that are named', () => {
    const text =
      'string a() {\n\tmanifest "b" as c\n\tmanifest "b" as (config d, index e)\n\tmanifest "b" as ()\n}\n\nstring f() {\n\t"${c} ${d} ${e}"\n}\n';
    const { checked, diagnostics } = open(text);
    expect(diagnostics).toEqual([]);
    const effects = ['c', 'd', 'e'].map((name) => {
      const symbol = checked.symbols.get(name);
      return symbol?.kind === 'alias' ? `${symbol.effect}: ${symbol.type}` : undefined;
    });
    expect(effects).toEqual(['digest: string', 'config: string', 'index: string']);
  });

  test('may stand in a statement of a literal, as long as it is in no other `with`', () => {
    expect(
      findings(
        'fs a() {\n\tscratch\n\tcopy fs {\n\t\timage "b"\n\t\trun "c" with option { mount scratch "/d" as e; }\n\t} "/" "/"\n}\n',
      ),
    ).toEqual([]);
  });

  test('may not stand elsewhere', () => {
    const text = [
      'fs a() {\n\tcopy fs {\n\t\tdockerPush "b" as c\n\t} "/" "/"\n}\n',
      'option::run d() {\n\tmount scratch "/e" as f\n}\n',
      'fs g() {\n\timage "h"\n\trun "i" with option {\n\t\tmount fs {\n\t\t\timage "j"\n\t\t\trun "k" with option { mount scratch "/l" as m; }\n\t\t} "/n"\n\t}\n}\n',
    ];
    expect(findings(text.join('\n'))).toEqual([
      'HLB0321 3:18 nothing can be bound in this block',
      'HLB0321 8:21 nothing can be bound in the body of an option function',
      'HLB0321 16:45 nothing can be bound in this block',
    ]);
  });

  test('need a name, a call with results, and one of those', () => {
    const text =
      'fs a() {\n\timage "b"\n\tdockerPush "c" as\n\tdockerPush "c" as (sum d)\n\trun "e" as f\n\tg as h\n\tbreakpoint as i\n}\n\nfs g() {\n\tscratch\n}\n';
    expect(findings(text)).toEqual([
      'HLB0320 3:17 `as` binds a result to a name, but no name follows',
      'HLB0323 4:21 `dockerPush` has no result named `sum`',
      'HLB0322 5:10 `run` has nothing that could be bound',
      'HLB0322 6:4 `g` has nothing that could be bound',
      'HLB0322 7:13 `breakpoint` has nothing that could be bound',
    ]);
  });

  test('of imported functions are refused', () => {
    const kit = { kit: 'export a\n\nfs a() {\n\tscratch\n}\n' };
    expect(findings('import kit from "kit.hlb"\n\nfs b() {\n\tkit.a as c\n}\n', kit)).toEqual([
      'HLB0322 4:8 `kit.a` has nothing that could be bound',
    ]);
  });

  test('that failed leave no unknown names behind', () => {
    expect(findings('fs a() {\n\timage "b"\n\trun "c" as d\n}\n\nfs e() {\n\td\n}\n')).toHaveLength(1);
    expect(findings('fs a() {\n\timage "b"\n\tnope "c" as d\n}\n\nfs e() {\n\td\n}\n')).toEqual([
      'HLB0301 3:2 `nope` is not defined',
    ]);
  });

  test('are found by their call', () => {
    const { checked } = open('fs a() {\n\timage "b"\n\tdockerPush "c" as (digest d, digest e)\n}\n');
    const body = checked.module.decls[0];
    const calls = body?.kind === 'func' ? (body.body?.items ?? []) : [];
    const names = calls.flatMap((call) =>
      call.kind === 'call-stmt' ? [checked.aliasesOf(call).map((alias) => alias.name)] : [],
    );
    expect(names).toEqual([[], ['d', 'e']]);
  });
});
