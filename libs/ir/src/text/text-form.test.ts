import { sourceFile, span } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { ModuleBuilder, makeOp, type Origin, parseModule, printModule, verify } from '../index.js';
import { readIr } from '../testing/ir-text.js';

describe('the text form', () => {
  test('shows every kind of attribute as it is', () => {
    const text = `%0 = scratch
%1 = image "alpine"
%2 = host-env "TAG"
%3 = image %2 platform=("linux", "arm64")
%4 = local "." include=["*.c", "*.h"] exclude=[%2] generation=2 resolved=(directory, "/src")
%5 = frontend "dockerfile.v0" opts={"filename": "Dockerfile", "target": %2} inputs={"context": %4}
%6 = definition [b64"AAEC", b64""] config="{}"
%7 = run %1 ["sh", "-c", "make\\n"] { shlex; mount %0 "/out" readonly cache=("id", "shared"); env "A" "b"; ignore-cache 7 }
%8 = run %7 ["x"] { mount %0 "/out" } result=0
%9 = copy %7 %8 "/a" "/b" contentsOnly chown="0:0" chmod=0o4755 createdTime="2020-01-01T00:00:00Z"
%10 = merge [%9, %3]
%11 = docker-push %10 "acme/x" stargz
%12 = push-digest %11
%13 = command ["date", "-u"] ignoreError capture=both base="sub"
%14 = manifest "acme/y" digest
%15 = concat ["x", %12, %13, %14]
%16 = mkfile %11 "/digest" 0o644 %15
output %11 [0, 1]
target "default" = sequential { solve %11; parallel { nothing; solve %16 }; text %15; text "done"; parallel {} }
`;
    expect(printModule(readIr(text), { origins: false })).toBe(text);
  });

  test('breaks a long run into a line for each option', () => {
    const option = 'secret "a-file-of-this-host" "/run/secrets/a-file-of-this-host" mode=0o400';
    const text = `%0 = scratch
%1 = run %0 ["make"] {
  ${option}
  ${option}
}
`;
    expect(printModule(readIr(text), { origins: false })).toBe(text);
  });

  test('is read with names, comments, and lines and indents of all kinds', () => {
    const read = readIr(
      `
      // what it starts from
      %base = image "alpine" // the newest
      %src  = local "." include=[
        "*.c",
        "*.h",
      ]
      %out.1 = run %base ["make"] {

        mount %src "/src"; env "A" "b"
        shlex;
      } result=0

      target "default" = parallel { solve %out.1;
        solve %base; }
    `.replace('solve %out.1;\n', 'solve %out.1;'),
    );
    expect(printModule(read, { origins: false })).toBe(`%0 = image "alpine"
%1 = local "." include=["*.c", "*.h"]
%2 = run %0 ["make"] { mount %1 "/src"; env "A" "b"; shlex } result=0
target "default" = parallel { solve %2; solve %0 }
`);
  });

  test('escapes what a terminal would obey', () => {
    const builder = new ModuleBuilder();
    builder.add(makeOp('image', { ref: '\u001b[2J\u009b31m\u202etxt\u2028\u007f' }));
    const text = printModule(builder.build());
    expect(text).toBe('%0 = image "\\u001b[2J\\u009b31m\\u202etxt\\u2028\\u007f"\n');
    expect(readIr(text)).toEqual(builder.build());
  });
});

describe('places', () => {
  const file = sourceFile(
    'build.hlb',
    'fs default() {\n\tbase "3"\n}\n\nfs base(string v) {\n\timage "alpine:${v}"\n}\n',
  );
  const at = (part: string) => span(file, file.text.indexOf(part), file.text.indexOf(part) + part.length);
  const target: Origin = { span: at('default'), caller: undefined };
  const outer: Origin = { span: at('base'), caller: target };
  const inner: Origin = { span: at('image'), caller: outer };

  test('of an op, of the calls around it, and of its texts', () => {
    const builder = new ModuleBuilder();
    builder.add(makeOp('image', { ref: { text: 'alpine:3', at: at('"alpine:${v}"') } }, [inner]));
    builder.add(makeOp('scratch', {}, [outer, target]));
    const text = `%0 = image "alpine:3"^6:8-21 @ build.hlb:6:2-7 <- #0
%1 = scratch @ build.hlb:2:2-6 <- build.hlb:1:4-11, build.hlb:1:4-11
file $0 = "build.hlb"
loc #0 = build.hlb:2:2-6 <- build.hlb:1:4-11
`;
    const module = builder.build();
    expect(printModule(module)).toBe(text);
    const read = parseModule(sourceFile('x.ir', text), { files: [file] }).module;
    expect(read).toEqual(module);
    expect(read?.files[0]).toBe(file);
    expect(read?.ops[0]?.origins[0]?.span.file).toBe(file);
  });

  test('of an option, and of the calls around it where those are not the run', () => {
    const text = `%0 = scratch
%1 = run %0 ["x"] { network "q"^2:2-6 @ 6:2-7 <- #0; shlex @ 6:2-7 <- build.hlb:1:4-11; shlex @ 6:2-7 } @ build.hlb:6:2-7
file $0 = "build.hlb"
loc #0 = build.hlb:2:2-6 <- build.hlb:1:4-11
`;
    const read = parseModule(sourceFile('x.ir', text), { files: [file] }).module;
    expect(read && printModule(read)).toBe(text);
    const run = read?.ops[1];
    expect(run?.kind === 'run' ? run.options.map(({ caller }) => caller) : undefined).toEqual([
      inner.caller && { span: inner.caller.span, caller: { span: target.span, caller: undefined } },
      { span: target.span, caller: undefined },
      undefined,
    ]);
  });

  test('have lines and columns also where the text of the file is not there', () => {
    const text = '%0 = scratch @ gone.hlb:700:12-701:3\nfile $0 = "gone.hlb"\n';
    const { module } = parseModule(sourceFile('x.ir', text));
    const origin = module?.ops[0]?.origins[0];
    expect(origin?.span.file.position(origin.span.start)).toEqual({ line: 700, column: 12 });
    expect(origin?.span.file.lineStarts().length).toBeGreaterThanOrEqual(701);
    expect(module && printModule(module)).toBe(text);
    // There is no text to write, and an empty one would have no such place.
    expect(module && printModule(module, { sources: true })).toBe(text);
  });

  test('of deep chains take a line for each call, however many ops share them', () => {
    let chain: Origin | undefined;
    for (let depth = 0; depth < 10_000; depth++) chain = { span: at('base'), caller: chain };
    const builder = new ModuleBuilder();
    for (let op = 0; op < 1000; op++) builder.add(makeOp('scratch', {}, [{ span: at('image'), caller: chain }]));
    const text = printModule(builder.build());
    expect(text.split('\n').length).toBeLessThan(11_010);
    const { module } = parseModule(sourceFile('x.ir', text));
    expect(module && verify(module)).toEqual([]);
    expect(module && printModule(module)).toBe(text);
  });
});

describe('faults in the text', () => {
  /** The diagnostics as `code line:column-column message`. */
  const faults = (text: string): readonly string[] => {
    const file = sourceFile('x.ir', text);
    const { module, diagnostics } = parseModule(file);
    expect(module).toBeUndefined();
    return diagnostics.map(({ code, message, labels: [label], helps }) => {
      const start = file.position(label?.span.start ?? 0);
      const end = file.position(label?.span.end ?? 0);
      return [`${code} ${start.line}:${start.column}-${end.column} ${message}`, ...helps].join('; ');
    });
  };

  test.each([
    ['%0 = imag "x"', 'HLB0602 1:6-10 there is no op imag; did you mean image?'],
    ['%0 = image', 'HLB0604 1:11-11 image lacks its attribute ref, found the end of the line'],
    ['%0 = image 3', 'HLB0601 1:12-13 expected a text or an op, as `%0`, found `3`'],
    ['%0 = image "x" platfrom=("a", "b")', 'HLB0602 1:16-24 image has no attribute platfrom; did you mean platform?'],
    ['%0 = image "x" platform=("a")', 'HLB0601 1:29-30 expected `,`, found `)`'],
    ['%0 = image "x" ref="y"', 'HLB0602 1:16-19 image has no attribute ref'],
    ['%0 = image "a\\q"', 'HLB0601 1:12-17 texts have the escapes of JSON, and these are not'],
    ['%0 = image "a', 'HLB0601 1:12-14 expected a text, found `"a`'],
    ['%0 = scratch scratch', 'HLB0602 1:14-21 scratch has no attribute scratch'],
    ['%0 = git "x" "y" keepGitDir keepGitDir', 'HLB0601 1:29-39 the attribute keepGitDir is given twice'],
    ['%0 = dir %7 "x"', 'HLB0603 1:10-12 there is no %7'],
    ['%0 = scratch\n%0 = scratch', 'HLB0603 2:1-3 %0 is defined twice'],
    ['%0 = scratch @ x.hlb:1:1-2', 'HLB0603 1:16-27 there is no file x.hlb'],
    ['file $0 = "x.hlb" "ab"\n%0 = scratch @ x.hlb:1:1-9', 'HLB0605 2:16-27 x.hlb has no such place'],
    ['file $0 = "x.hlb" "ab"\n%0 = scratch @ x.hlb:1:2-1', 'HLB0605 2:16-27 x.hlb has no such place'],
    ['file $0 = "x"\nfile $0 = "y"', 'HLB0603 2:6-8 the file $0 is defined twice'],
    [
      'file $0 = "x"\nloc #0 = x:1:1-2 <- #1',
      'HLB0603 2:21-23 there is no call #1 before; calls stand after those around them',
    ],
    ['%0 = scratch\n%1 = image "x"^1:1-2', 'HLB0603 2:16-21 the place names no file'],
    [
      '%0 = scratch\n%1 = run %0 ["a"] { mont %0 "/" }',
      'HLB0602 2:21-25 there is no option mont of a run; did you mean mount?',
    ],
    ['%0 = scratch\n%1 = run %0 ["a"] { shlex shlex }', 'HLB0602 2:27-32 shlex has no attribute shlex'],
    ['%0 = scratch\n%1 = run %0 ["a"', 'HLB0601 2:17-17 expected `]`, found the end of the line'],
    ['%0 = mkdir %0 "x" 755x', 'HLB0602 1:22-23 mkdir has no attribute x'],
    ['%0 = mkdir %0 "x" -1', 'HLB0601 1:6-21 attribute mode: expected a bigint from 0 to 2^63 - 1, found -1'],
    ['%0 = manifest "x" part', 'HLB0601 1:19-23 expected `manifest` or `digest` or `config` or `index`'],
    ['%0 = definition ["x"]', 'HLB0601 1:18-21 expected bytes, as `b64"AA=="`, found `"x"`'],
    ['output 3', 'HLB0601 1:8-9 expected an op, as `%0`, found `3`'],
    ['target "x" = all {}', 'HLB0602 1:14-17 there is no request all'],
    ['target "x" = parallel { nothing nothing }', 'HLB0601 1:33-40 expected `;` or `}`, found `nothing`'],
    ['outputs', "HLB0601 1:1-8 a line can't start with outputs"],
    ['= x', 'HLB0601 1:1-2 expected an op, as `%0 = scratch`, an output, a target, a file or a call, found `=`'],
  ])('%s', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  test('are all told, statement by statement', () => {
    const text = `
      %0 = imag "x"
      %1 = run %0 ["a"] {
        mont %0 "/"
        shlex
      }
      %2 = dir %9 "x"
      target "x" = nothing`;
    expect(faults(text).map((fault) => fault.slice(0, 11))).toEqual(['HLB0602 2:1', 'HLB0602 4:9', 'HLB0603 7:1']);
  });

  test('are told a hundred at a time', () => {
    expect(faults('output x\n'.repeat(500)).length).toBe(100);
  });

  test('of any bytes give diagnostics, not exceptions', () => {
    for (const text of [
      '\0',
      '%',
      '%=',
      '{',
      '}',
      '%0 = run',
      'file',
      'loc',
      'file $0',
      '"',
      '^',
      '@',
      '%0 = ^',
      'target',
    ]) {
      expect(faults(text).length).toBeGreaterThan(0);
    }
  });
});
