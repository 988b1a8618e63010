import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';

/** What is wrong: the program, where (line:column), and words that the message must hold to be of help. */
const broken: readonly (readonly [string, string, string, RegExp])[] = [
  ['a brace that is not closed', 'fs default() {\n\tscratch\n', '1:14', /\{|brace|closed/],
  [
    'a parenthesis that is not closed',
    'fs f(string a) {\n\tscratch\n}\nfs default() {\n\tcopy f("a" "b" "c"\n}\n',
    '5:8',
    /\(|parenthes|closed/,
  ],
  ['a string that is not closed', 'fs default() {\n\timage "alpine\n}\n', '2:8', /"|string|closed|quote/],
  ['a character that nothing begins with', 'fs default() {\n\timage = "alpine"\n}\n', '2:8', /=/],
  ['a function without a type', 'default() {\n\tscratch\n}\n', '1:8', /type|name|expected/],
  ['a bad octal number', 'fs default() {\n\tmkdir "/a" 0o799\n}\n', '2:13', /0o799|octal|digit/],
  ['an empty interpolation', 'fs default() {\n\timage "a${}"\n}\n', '2:10', /\$\{\}|empty|expression/],
  ['a misspelt builtin', 'fs default() {\n\timgae "alpine"\n}\n', '2:2', /image/],
  ['a misspelt function', 'fs compile() {\n\tscratch\n}\nfs default() {\n\tcomplie\n}\n', '5:2', /compile/],
  [
    'a misspelt option',
    'fs default() {\n\timage "a"\n\trun "b" with option {\n\t\treadonlyRootFs\n\t}\n}\n',
    '4:3',
    /readonlyRootfs/,
  ],
  ['a missing argument', 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644\n}\n', '3:2', /3|content|argument/],
  ['an argument too many', 'fs default() {\n\timage "a" "b"\n}\n', '2:2', /1|argument/],
  ['an argument of the wrong kind', 'fs default() {\n\timage 7\n}\n', '2:8', /string/],
  ['a string where a file system is wanted', 'fs default() {\n\tscratch\n\tcopy "src" "/" "/"\n}\n', '3:7', /fs/],
  ['a function of the wrong kind', 'string name() {\n\t"a"\n}\nfs default() {\n\tname\n}\n', '5:2', /fs/],
  [
    'an option for something else',
    'fs default() {\n\timage "a" with option {\n\t\tignoreCache\n\t}\n}\n',
    '3:3',
    /option::image|image/,
  ],
  ['two functions of one name', 'fs a() {\n\tscratch\n}\nfs a() {\n\tscratch\n}\n', '4:4', /a/],
  ['a name that a builtin has', 'fs run() {\n\tscratch\n}\n', '1:4', /run|builtin/],
  ['a name bound to what gives nothing', 'fs default() {\n\timage "a" as x\n}\n', '2:12', /image|effect|bind/],
  ['a function that calls itself', 'fs default() {\n\tdefault\n}\n', '2:2', /default|itself|end/],
  ['an export of what is not there', 'export lost\nfs default() {\n\tscratch\n}\n', '1:8', /lost/],
  ['a dot on what is no import', 'fs a() {\n\tscratch\n}\nfs default() {\n\ta.b\n}\n', '5:3', /import/],
  [
    'a network mode that is none',
    'fs default() {\n\timage "a"\n\trun "b" with option {\n\t\tnetwork "hots"\n\t}\n}\n',
    '4:11',
    /host/,
  ],
];

describe('hlb check', () => {
  test.each(broken)('%s', async (_name, program, place, words) => {
    const cwd = await folderWith({ 'build.hlb': program });
    const { code, stderr, stdout } = await cli(['check', 'build.hlb'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/HLB\d{4}/);
    expect(stderr).toMatch(/build\.hlb:\d+:\d+/);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^\s+at .*\.(ts|js):\d/m);

    const json = JSON.parse((await cli(['check', '--json', 'build.hlb'], { cwd })).stdout);
    const [line, column] = place.split(':').map(Number);
    const places = json.diagnostics.flatMap((diagnostic: { labels: { start: object }[] }) =>
      diagnostic.labels.map((label) => label.start),
    );
    expect(places).toContainEqual({ line, column });
  });

  test('a program without mistakes: nothing said, exit code 0', async () => {
    const { code, stdout, stderr } = await cli(['check', '-'], { stdin: 'fs default() {\n\tscratch\n}\n' });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('several files: all of their mistakes, counted', async () => {
    const cwd = await folderWith({ 'a.hlb': 'fs a() {\n\tlost\n}\n', 'b.hlb': 'fs b() {\n\tgone\n}\n' });
    const { code, stderr } = await cli(['check', 'a.hlb', 'b.hlb'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('a.hlb:2:2');
    expect(stderr).toContain('b.hlb:2:2');
    expect(stderr).toContain('2 errors');
  });

  test('colour only where it is wanted', async () => {
    const options = { stdin: 'fs a() {\n\tlost\n}\n' };
    expect((await cli(['check', '-'], options)).stderr).not.toContain('\u001b');
    expect((await cli(['--color', 'always', 'check', '-'], options)).stderr).toContain('\u001b[');
  });
});

test.each(['check', 'lint'])('%s without a file looks at build.hlb', async (command) => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\timgae "alpine"\n}\n' });
  const { code, stderr } = await cli([command], { cwd });
  expect(stderr).toMatch(/build\.hlb:2:2/);
  expect(code).toBe(1);
});
