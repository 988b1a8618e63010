import { describe, expect, test } from 'vitest';
import { findings } from '../testing/diagnose.js';

describe('kinds of statements', () => {
  test('are that of the block', () => {
    expect(
      findings('fs a() {\n\tb\n\tc "x"\n\t"text"\n}\n\nstring b() {\n\t5\n\tscratch\n}\n\nint c(string s) {\n\ts\n}\n'),
    ).toEqual([
      'HLB0310 2:2 each statement of `a` must give an `fs`, but `b` gives a `string`',
      'HLB0310 3:2 each statement of `a` must give an `fs`, but `c` gives an `int`',
      'HLB0310 4:2 each statement of `a` must give an `fs`, but this is a `string`',
      'HLB0310 8:2 each statement of `b` must give a `string`, but this is an `int`',
      'HLB0310 9:2 each statement of `b` must give a `string`, but `scratch` gives an `fs`',
      'HLB0310 13:2 each statement of `c` must give an `int`, but `s` gives a `string`',
    ]);
  });

  test('may be any of the five, and bool is one of them', () => {
    const text =
      'bool yes() {\n\ttrue\n}\n\nbool no(bool b) {\n\tb\n}\n\nstring s() {\n\t"${yes} ${no(false)} ${1}"\n}\n\npipeline p() {\n\tstage yes s fs { scratch; } p2\n}\n\npipeline p2() {\n}\n';
    expect(findings(text)).toEqual([]);
  });

  test('of options are told apart from statements', () => {
    expect(
      findings(
        'fs a() {\n\timage "b"\n\treadonly\n\trun "c" with option {\n\t\timage "d"\n\t\tcreateParents\n\t\tenv "E" "f"\n\t}\n}\n',
      ),
    ).toEqual([
      'HLB0311 3:2 `readonly` is an option of `mount`, and no statement of an `fs` block',
      'HLB0310 5:3 `image` is no option of `run`',
      'HLB0311 6:3 `createParents` is an option of `mkdir`, not of `run`',
    ]);
  });

  test('of a name with several overloads are listed', () => {
    expect(findings('fs a() {\n\timage "b"\n\tuid 5\n}\n')).toEqual(["HLB0310 3:2 `uid` can't stand in an `fs` block"]);
    expect(findings('fs a() {\n\tscratch\n\tmkdir "/" 0o755 with option {\n\t\tuid 5\n\t}\n}\n')).toEqual([
      'HLB0310 4:3 `uid` is no option of `mkdir`',
    ]);
  });
});

describe('kinds of arguments', () => {
  test('are those of the parameters', () => {
    expect(
      findings('fs a(fs b, string c) {\n\tb\n}\n\nfs d() {\n\ta "x" "y"\n\tcopy fs { scratch; } 5 scratch\n}\n'),
    ).toEqual([
      'HLB0310 6:4 `a` needs an `fs` for `b`, but this is a `string`',
      'HLB0310 7:23 `copy` needs a `string` for `src`, but this is an `int`',
      'HLB0310 7:25 `copy` needs a `string` for `dst`, but `scratch` gives an `fs`',
    ]);
  });

  test('pick the overload', () => {
    expect(
      findings(
        'fs a(fs b, option::run c) {\n\tb\n\trun "x" with c\n}\n\nfs d() {\n\ta env("A", "b") env("A", "b")\n}\n',
      ),
    ).toEqual([]);
  });

  test('of pipelines may be what a step can be', () => {
    expect(
      findings(
        'pipeline a(pipeline b) {\n\tb\n\tstage image("x") localRun("y") "z" 5 true c(fs { scratch; })\n}\n\npipeline c(pipeline d) {\n\td\n}\n',
      ),
    ).toEqual([]);
    expect(findings('pipeline a() {\n\tstage option::run { shlex; }\n}\n')).toEqual([
      'HLB0310 2:8 `stage` needs a `bool`, an `fs`, an `int`, a `pipeline` or a `string` for `pipelines`, but this block is an `option::run`',
    ]);
  });

  test('in another order that fits are one diagnostic', () => {
    expect(findings('fs a() {\n\tscratch\n\tmkfile "/a" "b" 0o644\n\tcopy "/x" a "/y"\n}\n')).toEqual([
      'HLB0318 3:14 the arguments of `mkfile` are in the wrong order',
      'HLB0318 4:7 the arguments of `copy` are in the wrong order',
      'HLB0503 4:12 `a` calls itself, and would never come to an end',
    ]);
  });
});

describe('a bare `option`', () => {
  test('has the kind of its place', () => {
    const text =
      'fs a(option::run b) {\n\timage "c"\n\trun "d" with b\n}\n\nfs e() {\n\ta option {\n\t\tenv "F" "g"\n\t\tmount scratch "/h" with option {\n\t\t\treadonly\n\t\t}\n\t}\n}\n';
    expect(findings(text)).toEqual([]);
  });

  test('is checked as that', () => {
    expect(
      findings(
        'fs a(option::copy b) {\n\tcopy scratch "/" "/" with b\n}\n\nfs c() {\n\ta option {\n\t\tshlex\n\t}\n}\n',
      ),
    ).toEqual(['HLB0310 7:3 `shlex` is no option of `copy`']);
  });

  test('cannot stand where no option can', () => {
    expect(findings('fs a() {\n\timage option { shlex; }\n}\n')).toEqual([
      'HLB0310 2:8 `image` needs a `string` for `ref`, but this block is an `option`',
    ]);
  });
});

describe('type words', () => {
  test('that are no kinds are reported once, as soon as it matters', () => {
    expect(findings('filesystem a() {\n\tscratch\n\timage "b"\n}\n\nfs c() {\n\ta\n}\n')).toEqual([
      'HLB0306 1:1 there is no kind `filesystem`',
    ]);
    expect(findings('fs a(strng b) {\n\timage "c"\n}\n\nfs d() {\n\ta "e"\n}\n')).toEqual([
      'HLB0306 1:6 there is no kind `strng`',
    ]);
  });

  test('are a warning where it does not matter, since such programs work', () => {
    expect(findings('widget a() {\n}\n\nfs b(widget c) {\n\tscratch\n}\n\nfs d() {\n\tb a\n}\n')).toEqual([
      'HLB0306 1:1 there is no kind `widget` (warning)',
      'HLB0306 4:6 there is no kind `widget` (warning)',
    ]);
  });

  test('of options must name a call that has some', () => {
    expect(findings('option::rum a() {\n\tshlex\n}\n\nfs b() {\n\timage "c"\n\trun "d" with a\n}\n')).toEqual([
      'HLB0306 1:1 nothing takes options of kind `option::rum`',
    ]);
    expect(findings('option a() {\n\tshlex\n\thost "b" "1.2.3.4"\n}\n')).toEqual([
      'HLB0307 1:1 `option` alone is no kind: it must say whose option it is',
    ]);
  });

  test('`group` is `pipeline`', () => {
    expect(
      findings(
        'group a(group b) {\n\tb\n\tparallel group { stage b; } b\n}\n\npipeline c() {\n\ta group { parallel fs { scratch; }; }\n}\n',
      ),
    ).toEqual([]);
  });
});

describe('`parallel`', () => {
  test('is `stage`, as a statement and as an argument', () => {
    expect(findings('pipeline a() {\n\tparallel fs { scratch; }\n\tstage parallel(fs { scratch; })\n}\n')).toEqual([]);
  });

  test('is a function of the program where one has that name', () => {
    expect(findings('fs parallel() {\n\tscratch\n}\n\nfs a() {\n\tparallel\n}\n')).toEqual([]);
  });
});

describe('options', () => {
  test('are those of the callee', () => {
    expect(
      findings(
        'option::copy a() {\n\tcreateDestPath\n}\n\nfs b(option::run c) {\n\timage "d"\n\trun "e" with a\n\trun "f" with c\n\trun "g" with fs { scratch; }\n\trun "h" with "i"\n}\n',
      ),
    ).toEqual([
      'HLB0311 7:15 `a` is an option of `copy`, not of `run`',
      'HLB0310 9:15 `with` needs options of `run`, but this block is an `fs`',
      'HLB0310 10:15 `with` needs options of `run`, but this is a `string`',
    ]);
  });

  test('are refused once where there are none, and empty ones are accepted', () => {
    expect(
      findings(
        'fs a() {\n\tscratch\n}\n\nfs b() {\n\ta with option {\n\t\tenv "C" "d"\n\t\tdir "/e"\n\t}\n\ta with option {\n\t}\n\tenv "F" "g" with shlex\n}\n',
      ),
    ).toEqual(['HLB0313 7:3 `a` takes no options', 'HLB0313 12:19 `env` takes no options']);
  });
});

describe('interpolations', () => {
  test('hold what has a text', () => {
    expect(
      findings('string a(fs b, option::run c) {\n\t"${b}"\n\t<<E\n\t\t${c} ${a(b, c)} ${scratch}\n\tE\n}\n'),
    ).toEqual([
      'HLB0316 2:5 an interpolation needs a `bool`, an `int` or a `string`, but `b` gives an `fs`',
      'HLB0316 4:5 an interpolation needs a `bool`, an `int` or a `string`, but `c` gives an `option::run`',
      'HLB0316 4:21 an interpolation needs a `bool`, an `int` or a `string`, but `scratch` gives an `fs`',
      'HLB0503 4:10 `a` calls itself, and would never come to an end',
    ]);
  });
});
