import type { DiagnosticRow } from '../registry.js';

/** Texts that are read otherwise than they look, and blocks that do otherwise than they seem to. */
export const readingRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0430',
    title: 'A heredoc that ends in the middle of a line',
    explanation:
      'Rule `heredoc-inline-delimiter`. The delimiter ends a heredoc wherever it stands as a word after a blank, not only at the start of a line. Choose a word that the text does not have.',
    wrong: `fs default() {
	image "alpine"
	run <<END
		echo until the END
}
`,
    right: `fs default() {
	image "alpine"
	run <<SCRIPT
		echo until the END
	SCRIPT
}
`,
  },
  {
    code: 'HLB0431',
    title: 'A backslash that does not escape',
    explanation:
      'Rule `heredoc-escape`. In a heredoc `\\$` is an escape only at the start of a word. Inside a word the backslash is text, and what follows is replaced. In a raw heredoc, whose delimiter stands in backticks, nothing is replaced.',
    wrong: `fs default() {
	image "alpine"
	run <<SCRIPT
		echo price=\\\${price}
	SCRIPT
}

string price() {
	"5"
}
`,
    right: `fs default() {
	image "alpine"
	run <<\`SCRIPT\`
		echo price=\${price}
	SCRIPT
}
`,
  },
  {
    code: 'HLB0432',
    title: 'A heredoc that ends with blanks',
    explanation:
      'Rule `heredoc-trailing-blanks`. Newlines and tabs at the end of a heredoc are removed, blanks are not. If the delimiter is indented with blanks, the newline before it stays in the text, and in a literal heredoc the blanks do too.',
    wrong: `fs default() {
	scratch
	mkfile "/motd" 0o644 <<TEXT
welcome
    TEXT
}
`,
    right: `fs default() {
	scratch
	mkfile "/motd" 0o644 <<TEXT
welcome
	TEXT
}
`,
  },
  {
    code: 'HLB0433',
    title: 'A `default` without a source',
    explanation:
      'Rule `missing-source`. A function that is built by itself starts with an empty file system, in which no command can be executed. Start with a source, such as `image`. Functions other than `default` may be meant to go on with what a block has built.',
    wrong: `fs default() {
	run "make"
}
`,
    right: `fs default() {
	image "alpine"
	run "make"
}
`,
  },
  {
    code: 'HLB0434',
    title: 'Statements whose result is dropped',
    explanation:
      'Rule `discarded-statements`. A source starts afresh: what its block has built before it is not part of the result. Files are taken over by `copy`, `mount` or `merge`.',
    wrong: `fs default() {
	image "golang"
	run "go build -o /app ."
	image "alpine"
}
`,
    right: `fs compile() {
	image "golang"
	run "go build -o /app ."
}

fs default() {
	image "alpine"
	copy compile "/app" "/app"
}
`,
  },
  {
    code: 'HLB0436',
    title: 'A forwarded socket that is taken for an SSH agent',
    explanation:
      'Rule `forward-as-agent`, a hint by default. `SSH_AUTH_SOCK` is set to the first socket of a command, be it made by `ssh` or by `forward`. If the command uses SSH, `ssh` has to come first.',
    wrong: `fs default() {
	image "alpine"
	run "git fetch" with option {
		forward "tcp://localhost:5432" "/run/db.sock"
		ssh
	}
}
`,
    right: `fs default() {
	image "alpine"
	run "git fetch" with option {
		ssh
		forward "tcp://localhost:5432" "/run/db.sock"
	}
}
`,
  },
  {
    code: 'HLB0438',
    title: 'A format string that does not fit its values',
    explanation:
      'Rule `format-arguments`. Each `%s` of the format string takes one value, and every value is a text. What does not fit is not an error, but leaves its mark in the text: `%!s(MISSING)`, `%!(EXTRA …)` or `%!d(string=…)`.',
    wrong: `string name() {
	format "%s-%s" "app"
}
`,
    right: `string name() {
	format "%s-%s" "app" localArch
}
`,
  },
  {
    code: 'HLB0439',
    title: 'A download that nothing checks',
    explanation:
      'Rule `unverified-download`, off by default. With a `checksum` the build fails if the file at an address changes, and the engine need not fetch it again.',
    wrong: `fs default() {
	http "https://example.org/tool.tar.gz"
}
`,
    right: `fs default() {
	http "https://example.org/tool.tar.gz" with checksum("sha256:d2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26")
}
`,
  },
  {
    code: 'HLB0440',
    title: 'The option `resolve`',
    explanation:
      'Rule `useless-resolve`, a hint. The settings of an image are always looked up, so the option has no effect.',
    wrong: `fs default() {
	image "alpine" with resolve
}
`,
    right: `fs default() {
	image "alpine"
}
`,
  },
  {
    code: 'HLB0450',
    title: 'A comment that turns off nothing',
    explanation:
      'Rule `useless-suppression`. `# hlb-lint-disable-next-line` and `# hlb-lint-disable-file` are followed by the codes or the names of rules, separated by commas. What follows after `--` is for readers.',
    wrong: `# hlb-lint-disable-next-line unpined-image
fs default() {
	image "alpine"
}
`,
    right: `fs default() {
	# hlb-lint-disable-next-line unpinned-image -- always the newest
	image "alpine"
}
`,
  },
];
