import * as fc from 'fast-check';

/**
 * Programs without syntax errors in all the ways that they can be laid out: any blanks, newlines and comments where they may stand, optional
 * commas and terminators, every form of literal.
 */
export function programs(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: func }, importDecl, exportDecl, topTrivia), { maxLength: 6 })
    .map((decls) => decls.join(''));
}

const name = fc.constantFrom('a', 'build', 'x:y', '0755', 'from', 'binds', 'variadic', 'fs', 'out_1');
const kind = fc.constantFrom('fs', 'string', 'int', 'option', 'option::run', 'pipeline', 'anything');
const blank = fc.constantFrom(' ', '  ', '\t', ' \t ', '\r ');
const gap = fc.constantFrom('', '', ' ', '\t ');
const comment = fc.constantFrom('# c\n', '#\n', '#  spaced  \n', '# "quoted" { \n', '# cr\r\n');
const newlines = fc.constantFrom('\n', '\n\n', '\n \n\n', '\r\n');
const trivia = fc.oneof({ weight: 3, arbitrary: gap }, newlines, comment);
const topTrivia = fc.oneof(newlines, comment);

const number = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom('0', '9223372036854775807', '0b0011', '0B1', '0o755', '0O0', '0xfF', '0X0'),
);
const bool = fc.constantFrom('true', 'false');
const raw = fc.constantFrom('``', '`raw ${x} \\n "`', '`a\n\tb`');

const { expr, block } = fc.letrec<{ expr: string; block: string; call: string; heredoc: string; string: string }>(
  (tie) => ({
    expr: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      name,
      fc.tuple(name, name).map(([module, member]) => `${module}.${member}`),
      number,
      bool,
      raw,
      tie('string'),
      tie('call'),
      tie('heredoc'),
      fc.tuple(kind, gap, tie('block')).map((parts) => parts.join('')),
    ),
    call: fc.tuple(name, gap, list(tie('expr'))).map((parts) => parts.join('')),
    string: fc
      .array(
        fc.oneof(
          fc.constantFrom('text', ' ', '$', '$$', '\\n', '\\$', '\\u00e9', '\n\t', 'é😀'),
          interpolation(tie('expr')),
        ),
        {
          maxLength: 4,
        },
      )
      .map((parts) => `"${withoutDoubleDollars(parts.join(''))}"`),
    heredoc: fc
      .tuple(
        fc.constantFrom('<<', '<<-', '<<~'),
        fc.array(
          fc.oneof(
            fc.constantFrom('word', ' ', '\n', '\n\t', '\\$', '\\n', 'a\\$', '$', 'UNEOM', '"'),
            interpolation(tie('expr')),
          ),
          { maxLength: 6 },
        ),
        fc.constantFrom('\n', '\n\t\t', '\n  ', ' '),
        fc.boolean(),
      )
      .map(([opener, body, before, quoted]) => {
        const text = withoutDoubleDollars(body.join(''));
        return quoted
          ? `${opener}\`EOM\`${text.replaceAll('EOM', 'EOL')}${before}EOM`
          : `${opener}EOM ${text}${before}EOM`;
      }),
    block: fc
      .tuple(trivia, fc.array(statement(tie('expr')), { maxLength: 3 }), trivia)
      .map(([before, statements, after]) => `{${before}${statements.join('')}${after}}`),
  }),
);

/** A dollar sign before an interpolation would be text in one place and part of an escape in another. */
function withoutDoubleDollars(text: string): string {
  return text.replace(/(\\\$)|\$+(?=\$\{)/g, (_, escaped: string | undefined) => escaped ?? '');
}

function interpolation(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(gap, inner, gap).map(([before, text, after]) => `\${${before}${text}${after}}`);
}

function list(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const separator = fc.tuple(fc.constantFrom(' ', ',', ', ', ' ,'), trivia).map((parts) => parts.join(''));
  return fc
    .tuple(trivia, fc.array(fc.tuple(item, separator), { maxLength: 3 }))
    .map(([before, items]) => `(${before}${items.flat().join('')})`);
}

function statement(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const end = fc.oneof(newlines, fc.constantFrom(';', ' ; '), comment);
  const callee = fc.oneof(name, fc.constant('kit.base'));
  const withClause = fc.tuple(blank, fc.constant('with '), inner).map((parts) => parts.join(''));
  const bind = fc
    .tuple(
      blank,
      fc.oneof(
        name.map((target) => `as ${target}`),
        fc.constant('as'),
        list(fc.constant('target out')).map((l) => `as${l}`),
      ),
    )
    .map((parts) => parts.join(''));
  const call = fc
    .tuple(
      callee,
      fc.array(fc.tuple(blank, inner), { maxLength: 3 }),
      fc.option(withClause, { nil: '' }),
      fc.option(bind, { nil: '' }),
      end,
    )
    .map(
      ([head, args, options, target, terminator]) => `${head}${args.flat().join('')}${options}${target}${terminator}`,
    );
  const literal = fc.tuple(fc.oneof(number, bool, raw), end).map((parts) => parts.join(''));
  return fc.tuple(fc.oneof({ weight: 5, arbitrary: call }, literal), trivia).map((parts) => parts.join(''));
}

const field = fc
  .tuple(fc.option(fc.constant('variadic '), { nil: '' }), kind, blank, name)
  .map((parts) => parts.join(''));
const func = fc
  .tuple(
    kind,
    blank,
    name,
    list(field),
    fc.option(
      list(field).map((effects) => ` binds ${effects}`),
      { nil: '' },
    ),
    fc.option(block, { nil: '' }),
    topTrivia,
  )
  .map(
    ([type, space, called, params, effects, body, end]) => `${type}${space}${called}${params}${effects}${body}${end}`,
  );
const importDecl = fc
  .tuple(
    name,
    fc.oneof(
      expr.map((source) => `from ${source}`),
      fc.constant('"path"'),
    ),
    topTrivia,
  )
  .map(([called, source, end]) => `import ${called} ${source}${end}`);
const exportDecl = fc.tuple(name, topTrivia).map(([called, end]) => `export ${called}${end}`);
