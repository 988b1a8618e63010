import type { OddProgram } from './odd-program.js';

export const optionsAndMounts: readonly OddProgram[] = [
  {
    name: 'a frontend with a local input, within a frontend input',
    program: `
fs inner() {
	frontend "dockerfile.v0" with option {
		input "context" local("ctx")
		input "dockerfile" fs { scratch; mkfile "/Dockerfile" 0o644 "FROM scratch\\nCOPY f /inner"; }
	}
}
fs default() {
	frontend "dockerfile.v0" with option {
		input "context" inner
		input "dockerfile" fs { scratch; mkfile "/Dockerfile" 0o644 <<-D
			FROM scratch
			COPY inner /outer
		D
		}
		opt "build-arg:UNUSED" "1"
	}
	download "out"
}
`,
    files: { 'ctx/f': 'deep' },
    out: { outer: 'deep' },
  },
  {
    name: 'the last includePatterns of a local counts, those of a copy add up',
    program: `
fs default() {
	scratch
	copy fs {
		local "src" with option {
			includePatterns "*.a"
			includePatterns "*.b"
		}
	} "/" "/local"
	copy local("src") "/" "/copy" with option {
		includePatterns "*.a"
		includePatterns "*.b"
	}
	download "out"
}
`,
    files: { 'src/x.a': 'a', 'src/x.b': 'b', 'src/x.c': 'c' },
    out: { 'local/x.b': 'b', 'copy/x.a': 'a', 'copy/x.b': 'b' },
  },
  {
    name: 'heredocs in options and arguments, with interpolations within',
    program: `
string name() { "me"; }
fs written() {
	base
	run <<-SH
		cat <<EOF >/seen
		\${name} $V
		EOF
	SH with option {
		env "V" <<~T
			folded
			text
		T
	}
	run <<-\`RAW\`
		echo '\${name}' "$V" >>/seen
	RAW with env("V", "v")
}
fs default() { scratch; copy written "/seen" "/seen"; download "out"; }
`,
    out: { seen: 'me folded text\n${name} v\n' },
  },
  {
    name: 'read-only mounts within each other, and a secret below one',
    program: `
fs default() {
	base
	run "cat /ro/f /ro/in/g /ro/secret/s >/o/all" with option {
		mount fs { mkfile "/f" 0o644 "f"; } "/ro" with readonly
		mount fs { mkfile "/g" 0o644 "g"; } "/ro/in" with readonly
		secret "token" "/ro/secret/s"
		mount scratch "/o" as all
	}
}
fs wanted() { all; download "out"; }
`,
    files: { token: 's' },
    targets: ['wanted'],
    out: { all: 'fgs' },
  },
  {
    name: 'environment: of the state, of the call, of neither host nor each other',
    program: `
fs default() {
	base
	env "A" "state"
	run "echo $A $B >/a" with env("B", "call")
	run "echo $A $B. >/b" with option { env "A" "once"; }
	env "A" "$A again"
	run "echo $A >/c"
}
fs wanted() { scratch; copy default "/[abc]" "/" with allowWildcard; download "out"; }
`,
    targets: ['wanted'],
    out: { a: 'state call\n', b: 'once .\n', c: '$A again\n' },
  },
  {
    name: 'wildcards, patterns, owners and modes of one copy',
    program: `
fs from() {
	scratch
	mkdir "/d" 0o755
	mkfile "/d/a.txt" 0o600 "a"
	mkfile "/d/b.txt" 0o600 "b"
	mkfile "/d/c.md" 0o600 "c"
}
fs default() {
	scratch
	copy from "/d/*.txt" "/deep/er/" with option {
		allowWildcard
		createDestPath
		excludePatterns "b.*"
		chmod 0o640
	}
	copy from "/d" "/all" with contentsOnly
	copy from "/none*" "/" with option { allowWildcard; allowEmptyWildcard; }
	download "out"
}
`,
    out: { 'deep/er/a.txt': 'a', 'deep/er/b.txt': 'b', 'all/a.txt': 'a', 'all/b.txt': 'b', 'all/c.md': 'c' },
  },
  {
    name: 'cache mounts of two runs, tmpfs, a read-only root, an own host name',
    program: `
fs default() {
	base
	run "echo kept >/c/f" with option { mount scratch "/c" with cache("odd-${process.pid}", "locked"); }
	run "cat /c/f >/o/f; df /t | grep -c tmpfs >>/o/f; (touch /x 2>/dev/null && echo rw || echo ro) >>/o/f; grep -c there /etc/hosts >>/o/f" with option {
		mount scratch "/c" with cache("odd-${process.pid}", "locked")
		mount scratch "/t" with tmpfs
		mount scratch "/o" as seen
		readonlyRootfs
		host "there" "10.1.2.3"
	}
}
fs wanted() { seen; download "out"; }
`,
    targets: ['wanted'],
    out: { f: 'kept\n1\nro\n1\n' },
  },
];
