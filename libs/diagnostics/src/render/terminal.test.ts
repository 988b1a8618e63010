import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Diagnostic, type DiagnosticInit, diagnostic } from '../diagnostic.js';
import { type SourceFile, type Span, sourceFile, span } from '../source-file.js';
import { columnsOf } from './source-line.js';
import { type RenderOptions, renderDiagnostic } from './terminal.js';

/** The place of the first `text` in a file. */
function find(file: SourceFile, text: string): Span {
  const start = file.text.indexOf(text);
  if (start === -1) throw new Error(`no ${text}`);
  return span(file, start, start + text.length);
}

function draw(init: DiagnosticInit, options?: RenderOptions): string {
  return renderDiagnostic(diagnostic('HLB0301', init), options);
}

describe('drawing a place', () => {
  test('underlines it, with its text beside', () => {
    const file = sourceFile('build.hlb', 'fs default() {\n\tmkfyle "/a"\n}\n');
    expect(
      draw({ message: '`mkfyle` is not defined', at: find(file, 'mkfyle'), label: 'did you mean `mkfile`?' }),
    ).toBe(
      [
        'error HLB0301: `mkfyle` is not defined',
        '  ┌ build.hlb:2:2',
        '  │',
        '2 │     mkfyle "/a"',
        '  │     ^^^^^^ did you mean `mkfile`?',
        '',
      ].join('\n'),
    );
  });

  test('counts wide and combining characters as they are drawn', () => {
    const file = sourceFile('a.hlb', 'x "世界" e\u0301 "👩‍👩‍👧" bad\n');
    const rows = draw({ message: 'm', at: find(file, 'bad') }).split('\n');
    expect(rows[3]).toBe('1 │ x "世界" e\u0301 "👩‍👩‍👧" bad');
    expect(rows[4]).toBe(`  │ ${' '.repeat(columnsOf('x "世界" e "👩‍👩‍👧" '))}^^^`);
    expect(columnsOf('x "世界" e "👩‍👩‍👧" ')).toBe(16);
  });

  test('underlines wide characters in their whole width', () => {
    const file = sourceFile('a.hlb', '"世界"\n');
    expect(draw({ message: 'm', at: find(file, '世界') }).split('\n')[4]).toBe('  │  ^^^^');
  });

  test('brings tabs to their stops', () => {
    const file = sourceFile('a.hlb', 'a\tb\t\tc\n');
    const rows = draw({ message: 'm', at: find(file, 'c') }).split('\n');
    expect(rows[3]).toBe('1 │ a   b       c');
    expect(rows[4]).toBe('  │             ^');
  });

  test('points at the end of a line, and of the file', () => {
    const file = sourceFile('a.hlb', 'ab\ncd');
    expect(draw({ message: 'm', at: span(file, 2, 2) }).split('\n')[4]).toBe('  │   ^');
    expect(draw({ message: 'm', at: span(file, 5, 5) }).split('\n')[4]).toBe('  │   ^');
  });

  test('leaves out the carriage return of a line', () => {
    const file = sourceFile('a.hlb', 'ab\r\ncd\r\n');
    expect(draw({ message: 'm', at: find(file, 'ab') }).split('\n')[3]).toBe('1 │ ab');
  });

  test('shows first and last line of a longer place', () => {
    const file = sourceFile('a.hlb', 'run <<E\n  one\n  two\n  three\nE\n');
    expect(
      draw({ message: 'm', at: span(file, 4, 27), label: 'this text' })
        .split('\n')
        .slice(3),
    ).toEqual(['1 │ run <<E', '  │     ^^^', '  ⋮', '4 │   three', '  │   ^^^^^ this text', '']);
  });
});

describe('drawing several places', () => {
  test('draws a line once, with the texts below each other', () => {
    const file = sourceFile('a.hlb', 'put "a" "b" "c"\n');
    const related = [
      { span: find(file, '"b"'), message: 'second' },
      { span: find(file, '"c"'), message: 'third' },
    ];
    expect(
      draw({ message: 'm', at: find(file, 'put'), label: 'first', related })
        .split('\n')
        .slice(3),
    ).toEqual([
      '1 │ put "a" "b" "c"',
      '  │ ^^^     --- --- third',
      '  │ │       │',
      '  │ │       second',
      '  │ │',
      '  │ first',
      '',
    ]);
  });

  test('orders lines, marks gaps, and shows a gap of one line', () => {
    const file = sourceFile('a.hlb', 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n');
    const related = [
      { span: find(file, 'seven'), message: 'later' },
      { span: find(file, 'one'), message: 'before' },
    ];
    const rows = draw({ message: 'm', at: find(file, 'three'), label: 'here', related }).split('\n');
    expect(rows.slice(3)).toEqual([
      '1 │ one',
      '  │ --- before',
      '2 │ two',
      '3 │ three',
      '  │ ^^^^^ here',
      '  ⋮',
      '7 │ seven',
      '  │ ----- later',
      '',
    ]);
  });

  test('shows lines around on demand', () => {
    const file = sourceFile('a.hlb', 'one\ntwo\nthree\nfour\n');
    const rows = draw({ message: 'm', at: find(file, 'two') }, { context: 1 }).split('\n');
    expect(rows.slice(3, 7)).toEqual(['1 │ one', '2 │ two', '  │ ^^^', '3 │ three']);
  });

  test('draws other files after the one with the problem, by name', () => {
    const a = sourceFile('a.hlb', 'alpha\n');
    const b = sourceFile('b.hlb', 'beta\n');
    const c = sourceFile('c.hlb', 'gamma\n');
    const related = [
      { span: find(b, 'beta'), message: '' },
      { span: find(a, 'alpha'), message: '' },
    ];
    const rows = draw({ message: 'm', at: find(c, 'gamma'), related }).split('\n');
    expect(rows.filter((row) => row.includes('┌'))).toEqual(['  ┌ c.hlb:1:1', '  ┌ a.hlb:1:1', '  ┌ b.hlb:1:1']);
  });

  test('names declarations of the compiler itself in one line', () => {
    const file = sourceFile('a.hlb', 'mkdir\n');
    const builtins = sourceFile('<builtin>', '# doc\nfs mkdir(string path)\n');
    const related = [{ span: find(builtins, 'mkdir'), message: 'builtin' }];
    expect(
      draw({ message: 'm', at: find(file, 'mkdir'), related })
        .split('\n')
        .slice(4),
    ).toEqual(['  │ ^^^^^', '  │', '  = builtin: fs mkdir(string path)', '']);
  });
});

describe('notes, helps and calls', () => {
  test('follow the excerpt, wrapped and indented', () => {
    const file = sourceFile('a.hlb', 'x\n');
    const helps = ['Write it on a line of its own, or put a semicolon before it, so that it is a statement.'];
    expect(
      draw({ message: 'm', at: find(file, 'x'), notes: ['A note.'], helps }, { width: 50 })
        .split('\n')
        .slice(5),
    ).toEqual([
      '  │',
      '  = note: A note.',
      '  = help: Write it on a line of its own, or put a',
      '          semicolon before it, so that it is a',
      '          statement.',
      '',
    ]);
  });

  test('stand alone where no place is known', () => {
    expect(draw({ message: 'm', helps: ['Do something.'] })).toBe('error HLB0301: m\n  = help: Do something.\n');
  });

  test('show the innermost call, or all', () => {
    const file = sourceFile('a.hlb', 'outer\n  middle\ninner "x"\nplace\n');
    const frames = [find(file, 'outer'), find(file, 'middle'), find(file, 'inner "x"')];
    const init = { message: 'm', at: find(file, 'place'), frames };
    expect(draw(init).split('\n').slice(5)).toEqual([
      '  │',
      '  = called: a.hlb:3:1: `inner "x"`',
      '  = called: 2 frames hidden',
      '',
    ]);
    expect(draw(init, { backtrace: true }).split('\n').slice(6)).toEqual([
      '  = called: a.hlb:3:1: `inner "x"`',
      '  = called: a.hlb:2:3: `middle`',
      '  = called: a.hlb:1:1: `outer`',
      '',
    ]);
  });
});

describe('what a program holds', () => {
  test('is shown, never obeyed', () => {
    const file = sourceFile('a\u001b[31m.hlb', 'x "\u001b[2J\u0007\u202e\u200b\u0085" y\n');
    const text = draw({ message: 'odd \u001b]0;title\u0007', at: find(file, 'y') });
    expect(text).toContain('"␛[2J␇<U+202E><U+200B><U+0085>"');
    expect(text).toContain('a␛[31m.hlb');
    expect(text).toContain('odd ␛]0;title␇');
    expect([...text].filter((c) => /[\p{Cc}\u200b\u202e]/u.test(c) && c !== '\n')).toEqual([]);
  });

  test('is underlined under what is shown in its place', () => {
    const file = sourceFile('a.hlb', '\u0000\u202ebad\n');
    const rows = draw({ message: 'm', at: find(file, 'bad') }).split('\n');
    expect(rows[3]).toBe('1 │ ␀<U+202E>bad');
    expect(rows[4]).toBe(`  │ ${' '.repeat(9)}^^^`);
  });
});

describe('colours', () => {
  const file = sourceFile('a.hlb', 'x y\n');
  const init = { message: 'm', at: find(file, 'x'), label: 'l', related: [{ span: find(file, 'y'), message: 'r' }] };

  test('are there only when they are asked for', () => {
    expect(draw(init)).not.toContain('\u001b');
    expect(draw(init, { color: true })).toContain('\u001b[31m');
  });

  test('do not change the text', () => {
    const plain = draw(init, { color: true }).replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
    expect(plain).toBe(draw(init));
  });

  test('differ by severity', () => {
    expect(draw({ ...init, severity: 'warning' }, { color: true })).toContain('\u001b[33m');
  });
});

describe('the width', () => {
  test('cuts a long line around its place', () => {
    const file = sourceFile('a.hlb', `${'a'.repeat(200)} bad ${'b'.repeat(200)}\n`);
    const rows = draw({ message: 'm', at: find(file, 'bad'), label: 'here' }, { width: 60 }).split('\n');
    expect(rows[3]).toMatch(/^1 │ …a+ bad b+…$/);
    expect(columnsOf(rows[3] ?? '')).toBeLessThanOrEqual(60);
    const column = rows[3]?.indexOf('bad');
    expect(rows[4]?.indexOf('^^^')).toBe(column);
  });

  test('keeps several places of a long line if they fit', () => {
    const file = sourceFile('a.hlb', `${'a'.repeat(100)} one two ${'b'.repeat(200)}\n`);
    const related = [{ span: find(file, 'two'), message: '' }];
    const rows = draw({ message: 'm', at: find(file, 'one'), related }, { width: 60 }).split('\n');
    expect(rows[4]?.indexOf('^^^')).toBe(rows[3]?.indexOf('one'));
    expect(rows[4]?.indexOf('---')).toBe(rows[3]?.indexOf('two'));
  });

  test('wraps messages, and moves those that begin too far to the right', () => {
    const file = sourceFile('a.hlb', `${'a'.repeat(40)} bad\n`);
    const label = 'a long text that does not fit beside the place at all';
    const rows = draw({ message: 'm', at: find(file, 'bad'), label }, { width: 50 }).split('\n');
    expect(
      rows
        .slice(4)
        .join(' ')
        .replace(/[│\s]+/g, ' '),
    ).toContain(label);
    for (const row of rows) expect(columnsOf(row)).toBeLessThanOrEqual(50);
  });

  test('is kept whatever is drawn', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 300 });
    const lines = fc.array(fc.oneof(texts, fc.string({ maxLength: 120 })), { minLength: 1, maxLength: 6 });
    const place = fc.tuple(fc.nat(1000), fc.nat(40), fc.lorem({ maxCount: 12 }));
    fc.assert(
      fc.property(
        lines,
        fc.array(place, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 120 }),
        (all, places, width) => {
          const file = sourceFile('a.hlb', all.join('\n'));
          const spans = places.map(([start, length, message]) => {
            const from = Math.min(start, file.text.length);
            return { span: span(file, from, Math.min(from + length, file.text.length)), message };
          });
          const [first, ...related] = spans;
          if (first === undefined) return;
          const found: Diagnostic = diagnostic('HLB0301', {
            message: 'm',
            at: first.span,
            label: first.message,
            related,
          });
          for (const row of renderDiagnostic(found, { width }).split('\n'))
            expect(columnsOf(row)).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('a quoted line of a log that is broken stays marked on all its lines', () => {
  const notes = [`it wrote:\n| ${'x'.repeat(50)}\n| done`];
  const text = renderDiagnostic(diagnostic('HLB0301', { message: 'wrong', notes }), { color: false, width: 40 });
  expect(text.match(/\| x+$/gm)?.length).toBeGreaterThan(1);
  expect(text).not.toMatch(/^ *x/m);
});
