import { describe, expect, test } from 'vitest';
import { findings, open } from '../testing/diagnose.js';

describe('names', () => {
  test('are looked up among parameters, the module and builtins, in this order', () => {
    expect(findings('fs f(string image) {\n\tlocal image\n}\n\nfs g() {\n\tf "a"\n\timage "b"\n}\n')).toEqual([]);
  });

  test('may be used before they are declared', () => {
    expect(findings('fs a() {\n\tb\n}\n\nfs b() {\n\tscratch\n}\n')).toEqual([]);
  });

  test('that are unknown are all reported, each once', () => {
    expect(findings('fs a() {\n\tfirst\n\tcopy second "/" third\n}\n\nfs b() {\n\tfourth with fifth\n}\n')).toEqual([
      'HLB0301 2:2 `first` is not defined',
      'HLB0301 3:7 `second` is not defined',
      'HLB0301 3:18 `third` is not defined',
      'HLB0301 7:2 `fourth` is not defined',
      'HLB0301 7:14 `fifth` is not defined',
    ]);
  });

  test('inside of interpolations, literals and arguments of unknown calls are looked up too', () => {
    expect(findings('fs a() {\n\tnope "${one}" fs { two; }\n}\n')).toEqual([
      'HLB0301 2:2 `nope` is not defined',
      'HLB0301 2:10 `one` is not defined',
      'HLB0301 2:21 `two` is not defined',
    ]);
  });

  test('of a block that could not be read are not missed', () => {
    const text = 'fs tools( {\n\tscratch\n}\n\nfs default() {\n\ttools\n}\n';
    expect(findings(text).filter((line) => line.startsWith('HLB03'))).toEqual([]);
  });

  test('`breakpoint` is skipped, with all that is given to it', () => {
    expect(findings('fs a() {\n\tscratch\n\tbreakpoint nope "x" with what\n\tcopy breakpoint "/" "/"\n}\n')).toEqual(
      [],
    );
  });
});

describe('suggestions', () => {
  const labelOf = (text: string): string | undefined => open(text).diagnostics[0]?.labels[0]?.message;

  test('are near and fit the place', () => {
    expect(labelOf('fs a() {\n\tscrach\n}\n')).toBe('did you mean `scratch`?');
    expect(labelOf('fs a(string version) {\n\timage verison\n}\n')).toBe('did you mean `version`?');
    expect(labelOf('fs a() {\n\timage "a" with platfrom("linux", "arm64")\n}\n')).toBe('did you mean `platform`?');
  });

  test('do not mind capital letters', () => {
    expect(labelOf('fs a() {\n\tscratch\n\tMkDir "/" 0o755\n}\n')).toBe('did you mean `mkdir`?');
  });

  test('know the words of Dockerfiles and shells', () => {
    expect(labelOf('fs a() {\n\tFROM "alpine"\n}\n')).toBe('did you mean `image`?');
    expect(labelOf('fs a() {\n\tscratch\n\tworkdir "/src"\n}\n')).toBe('did you mean `dir`?');
  });

  test('are not made where nothing is near', () => {
    expect(labelOf('fs a() {\n\tsomething\n}\n')).toBe('nothing has this name');
    expect(labelOf('fs a() {\n\tscratch\n\tmkfile "/a" 0o644 nope\n}\n')).toBe('nothing has this name');
  });

  test('can be applied', () => {
    const { diagnostics } = open('fs a() {\n\tscrach\n}\n');
    expect(diagnostics[0]?.fixes[0]?.edits.map(({ text }) => text)).toEqual(['scratch']);
    expect(diagnostics[0]?.fixes[0]?.isSafe).toBeUndefined();
  });
});

describe('declarations', () => {
  test('of one name are one diagnostic, whatever they declare', () => {
    const text = [
      'import x from "x.hlb"',
      'fs x() {\n\timage "a"\n\trun "b" with option {\n\t\tmount scratch "/" as x\n\t}\n}',
      'string x() {\n\t"x"\n}\n',
    ];
    expect(findings(text.join('\n'))).toEqual(['HLB0302 2:4 `x` is declared 4 times']);
  });

  test('may not have the name of a builtin of any kind, and calls of it are not reported again', () => {
    expect(findings('fs run(fs a) {\n\ta\n}\n\nfs default() {\n\trun scratch\n}\n')).toEqual([
      'HLB0303 1:4 `run` is the name of a builtin',
    ]);
  });

  test('of parameters and of effects may not repeat a name', () => {
    expect(findings('fs a(string b, fs b) binds (fs c, fs c) {\n\tscratch\n}\n')).toEqual([
      'HLB0304 1:19 the parameter `b` is declared twice',
      'HLB0304 1:38 the effect `c` is declared twice',
    ]);
  });

  test('may leave the body out', () => {
    expect(findings('fs later(string x)\n\nfs default() {\n\tlater "x"\n}\n')).toEqual([]);
  });
});

describe('exports', () => {
  test('must exist; builtins do', () => {
    expect(findings('export image\nexport a\nexport b\n\nfs a() {\n\tscratch\n}\n')).toEqual([
      'HLB0317 3:8 this module has no `b` to export',
    ]);
  });
});

describe('imports', () => {
  test('are paths or file systems', () => {
    expect(
      findings('import a from "a.hlb"\nimport b from fs { scratch; }\nimport c from 5\nimport d "d.hlb"\n'),
    ).toEqual(['HLB0310 3:15 an import needs a path (`string`) or a file system (`fs`), but this is an `int`']);
  });

  test('are not values', () => {
    expect(findings('import a from "a.hlb"\n\nfs default() {\n\ta\n\tcopy a "/" "/"\n}\n')).toEqual([
      'HLB0314 4:2 `a` is an import, not a value',
      'HLB0314 5:7 `a` is an import, not a value',
    ]);
  });

  test('only are followed by a dot', () => {
    const text = 'fs f(string p) {\n\tf.a\n\tp.a\n\timage.a\n\tnope.a\n}\n';
    expect(findings(text)).toEqual([
      'HLB0315 2:3 `f` is a function, not an import, so nothing can be taken from it with a dot',
      'HLB0315 3:3 `p` is a parameter, not an import, so nothing can be taken from it with a dot',
      'HLB0315 4:7 `image` is a builtin, not an import, so nothing can be taken from it with a dot',
      'HLB0301 5:2 `nope` is not defined',
    ]);
  });
});
