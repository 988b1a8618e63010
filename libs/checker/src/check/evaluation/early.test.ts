import { describe, expect, test } from 'vitest';
import { findings, open, summary } from '../testing/diagnose.js';

function blocking(text: string, ...targets: readonly string[]): readonly string[] {
  return open(text).checked.blocking(targets).map(summary);
}

describe('literals', () => {
  test('are judged by what the parameter asks for', () => {
    const text = [
      'fs a() {\n\tcopy image("Not A Ref!") "/" "/"\n\tcopy frontend("") "/" "/"\n\thttp "example.org/x" with checksum("md5:1")\n',
      '\tmkdir "/b" 0o755 with createdTime("yesterday")\n\tdockerPush "a:b:c"\n\tdownloadDockerTarball "x.tar" "UPPER"\n',
      '\trun "c" with option {\n\t\thost "d" "1.2.3"\n\t\tnetwork "hots"\n\t\tsecurity "open"\n\t\tforward "/s" "/s"\n\t\tmount scratch "/e" with cache("f", "privat")\n\t}\n}\n',
    ];
    expect(findings(text.join('')).map((line) => line.slice(0, 12).trim())).toEqual([
      'HLB0504 2:13',
      'HLB0504 3:16',
      'HLB0525 4:7',
      'HLB0508 4:37',
      'HLB0510 5:36',
      'HLB0504 6:13',
      'HLB0504 7:32',
      'HLB0509 9:12',
      'HLB0505 10:1',
      'HLB0506 11:1',
      'HLB0517 12:1',
      'HLB0507 13:3',
    ]);
  });

  test('with escapes, and heredocs, are judged by their value', () => {
    expect(findings('fs a() {\n\timage "al\\x70ine"\n\timage <<~E\n\t\talpine\n\tE\n\timage `alpine`\n}\n')).toEqual(
      [],
    );
  });

  test('are no more than a warning where a later statement starts afresh', () => {
    expect(
      findings(
        'fs a() {\n\timage "B A D"\n\tcopy fs { image "B A D"; } "/" "/"\n\timage "b"\n\tcopy fs { image "B A D"; } "/" "/"\n}\n',
      ),
    ).toEqual([
      'HLB0504 2:8 `B A D` is no name of an image (warning)',
      'HLB0504 3:18 `B A D` is no name of an image (warning)',
      'HLB0504 5:18 `B A D` is no name of an image',
    ]);
    expect(findings('string a() {\n\tmanifest "B A D"\n\tmanifest "b"\n}\n')).toEqual([
      'HLB0504 2:11 `B A D` is no name of an image (warning)',
    ]);
  });

  test('with interpolations are not, nor what a parameter holds', () => {
    expect(findings('fs a(string b) {\n\timage "${b} !"\n\timage b\n}\n')).toEqual([]);
  });
});

describe('calls', () => {
  test('of `run` and `merge` need an argument', () => {
    expect(findings('fs a() {\n\timage "b"\n\trun\n\tmerge\n}\n')).toEqual([
      'HLB0512 3:2 `run` needs a command',
      'HLB0513 4:2 `merge` needs a file system to lay over the current one',
    ]);
  });

  test('of `mount` with a cache are not bound', () => {
    const text =
      'fs a() {\n\timage "b"\n\trun "c" with option {\n\t\tmount scratch "/d" with option { cache "e" "shared"; } as f\n\t\tmount scratch "/g" with cache("h", "shared") as i\n\t}\n}\n';
    expect(findings(text)).toEqual([
      'HLB0514 4:58 a cache mount cannot be bound: what is in it belongs to the engine',
      'HLB0514 5:48 a cache mount cannot be bound: what is in it belongs to the engine',
    ]);
  });

  test('take a list only where any number of values can be', () => {
    const text =
      'fs a(variadic string b, variadic string c) {\n\timage b\n\trun c\n\tlabel "d" c\n\tcmd "${c}"\n}\n\noption::run e(variadic option::run f) {\n\tf\n}\n\nfs g(option::run h, variadic option::run i) {\n\timage "j"\n\trun "k" with i\n\trun "l" with h\n}\n';
    expect(findings(text)).toEqual([
      'HLB0319 4:12 `c` is a list, since it is declared `variadic`, but one value is needed here',
      'HLB0319 5:9 `c` is a list, since it is declared `variadic`, but one value is needed here',
    ]);
  });

  test('of names in the own `binds` have no value', () => {
    expect(findings('fs a() binds (fs b) {\n\tb\n}\n')).toEqual([
      'HLB0325 2:2 `b` is only named in `binds` and has no value',
    ]);
  });
});

describe('circles', () => {
  test('are reported once each, at the call that closes them', () => {
    const text =
      'string a() {\n\tb\n}\n\nstring b() {\n\tc\n}\n\nstring c() {\n\ta\n\tc\n}\n\nfs d() {\n\tscratch\n\tmkfile "/e" 0o644 a\n}\n';
    expect(findings(text)).toEqual([
      'HLB0503 10:2 `a` ends up calling itself, and would never come to an end',
      'HLB0503 11:2 `c` calls itself, and would never come to an end',
    ]);
  });

  test('go through what is bound in a function', () => {
    expect(
      findings('fs a() {\n\timage "b"\n\trun "c" with option { mount scratch "/d" as e; }\n\tcopy e "/" "/"\n}\n'),
    ).toEqual(['HLB0503 4:7 `e` is made by `a`, which needs it before that']);
  });

  test('go through interpolations, options and literals', () => {
    expect(
      findings(
        'fs a() {\n\tcopy fs { image "${b}"; } "/" "/"\n}\n\nstring b() {\n\tlocalRun "c" with d\n}\n\noption::localRun d() {\n\te option { shlex; }\n}\n\noption::localRun e(option::localRun f) {\n\tf\n\td\n}\n',
      ),
    ).toEqual(['HLB0503 15:2 `d` ends up calling itself, and would never come to an end']);
  });

  test('go through the expression of an import', () => {
    expect(findings('import kit from path\n\nstring path() {\n\tkit.path\n}\n')).toEqual([
      'HLB0503 1:17 `path` ends up calling itself, and would never come to an end',
    ]);
  });

  test('are none where the argument is never read', () => {
    expect(findings('fs a() {\n\tb a\n}\n\nfs b(fs c) {\n\tscratch\n}\n')).toEqual([]);
    expect(findings('fs a() {\n\tb a\n}\n\nfs b(fs c) {\n\td c\n}\n\nfs d(fs e) {\n\tb e\n}\n')).toEqual([
      'HLB0503 10:2 `b` ends up calling itself, and would never come to an end',
    ]);
    expect(findings('fs a() {\n\tb a\n}\n\nfs b(fs c) {\n\td c\n}\n\nfs d(fs e) {\n\te\n}\n')).toEqual([
      'HLB0503 2:4 `a` calls itself, and would never come to an end',
    ]);
  });

  test('may be as long as the program', () => {
    const count = 20_000;
    const functions = Array.from({ length: count }, (_, i) => `fs f${i}() {\n\tf${(i + 1) % count}\n}\n`);
    expect(findings(functions.join('\n'))).toEqual([
      `HLB0503 ${4 * count - 2}:2 \`f0\` ends up calling itself, and would never come to an end`,
    ]);
  });
});

describe('what keeps a target from being built', () => {
  const text =
    'fs bad() {\n\timage "Not A Ref!"\n}\n\nfs good() {\n\timage "alpine"\n}\n\nfs uses() {\n\tcopy bad "/" "/"\n}\n\nfs ignores(fs _unread) {\n\tscratch\n}\n\nfs passes() {\n\tignores bad\n}\n\nfs bound() {\n\timage "b"\n\trun "c" with option {\n\t\tmount bad "/d" as result\n\t}\n}\n';

  test('is what it evaluates, and nothing else', () => {
    expect(blocking(text, 'good')).toEqual([]);
    expect(blocking(text, 'bad')).toEqual(['HLB0504 2:8 `Not A Ref!` is no name of an image']);
    expect(blocking(text, 'good', 'uses')).toHaveLength(1);
    expect(blocking(text, 'result')).toHaveLength(1);
    expect(blocking(text, 'absent')).toEqual([]);
  });

  test('is not in arguments that nothing reads', () => {
    expect(blocking(text, 'passes')).toEqual([]);
  });

  test('is every other error of the module', () => {
    expect(blocking(`${text}\nfs broken() {\n\tnope\n}\n`, 'good')).toEqual(['HLB0301 29:2 `nope` is not defined']);
  });

  test('is no warning', () => {
    expect(blocking('widget unused() {\n}\n\nfs good() {\n\tscratch\n}\n', 'good')).toEqual([]);
  });
});
