import type { DiagnosticRow } from '../registry.js';

/** What does something else than it seems to do, or more. */
export const surpriseRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0420',
    title: 'A whole home directory, or the whole host, sent to the engine',
    explanation:
      'Rule `whole-home`. `local` sends what it names to the engine, where every command that mounts it can read it: keys, mail and browser data too. Name the directory that the build needs.',
    wrong: `fs default() {
	local "~"
}
`,
    right: `fs default() {
	local "~" with includePatterns(".gitconfig", ".config/app/**")
}
`,
  },
  {
    code: 'HLB0421',
    title: 'A secret in a variable or a label',
    explanation:
      'Rule `secret-in-env`. What `env` and `label` set is part of the image, and what a command gets as a variable is kept in the cache and in the record of the build. A `secret` is shown to a command and leaves no trace.',
    wrong: `fs default() {
	image "alpine"
	run "./deploy" with env("API_TOKEN", localEnv("API_TOKEN"))
}
`,
    right: `fs default() {
	image "alpine"
	run "API_TOKEN=$(cat /run/token) ./deploy" with secret("token.txt", "/run/token")
}
`,
  },
  {
    code: 'HLB0422',
    title: 'An image without a digest',
    explanation:
      'Rule `unpinned-image`, off by default. A tag can be moved to another image at any time. A digest always means the same bytes, so a build that names it can be repeated.',
    wrong: `fs default() {
	image "alpine:3.20"
}
`,
    right: `fs default() {
	image "alpine:3.20@sha256:beefdbd8a1da6d2915566fde36db9db0b524eb737fc57cd1367effd16dc0d06d"
}
`,
  },
  {
    code: 'HLB0423',
    title: 'Two mounts at one path',
    explanation: 'Rule `duplicate-mount`. Of two mounts at the same path the command sees only one.',
    wrong: `fs default() {
	image "golang"
	run "go build" with option {
		mount local(".") "/src"
		mount scratch "/src/"
	}
}
`,
    right: `fs default() {
	image "golang"
	run "go build" with option {
		mount local(".") "/src"
		mount scratch "/out"
	}
}
`,
  },
  {
    code: 'HLB0424',
    title: 'Permission bits as a decimal number',
    explanation:
      'Rule `decimal-mode`. A number without a prefix is decimal: `755` is `0o1363`. Permission bits are written in octal, with `0o` before them.',
    wrong: `fs default() {
	scratch
	mkdir "/data" 755
}
`,
    right: `fs default() {
	scratch
	mkdir "/data" 0o755
}
`,
  },
  {
    code: 'HLB0425',
    title: 'Permission bits that are not set',
    explanation:
      'Rule `lost-mode-bits`. `mkdir`, `mkfile` and the `chmod` of `http` use the lowest nine bits of a mode. The bits for set-user-id, set-group-id and the sticky bit can be set by `chmod` in a command.',
    wrong: `fs default() {
	image "alpine"
	mkdir "/shared" 0o1777
}
`,
    right: `fs default() {
	image "alpine"
	run "mkdir -m 1777 /shared"
}
`,
  },
  {
    code: 'HLB0426',
    title: 'A variable that is set twice',
    explanation:
      'Rule `repeated-env`. Each `env` adds an entry to the list of variables in the image; an earlier entry with the same key stays. Set the variable once, or set it for single commands by the option `env`.',
    wrong: `fs default() {
	image "alpine"
	env "STAGE" "build"
	run "make"
	env "STAGE" "run"
}
`,
    right: `fs default() {
	image "alpine"
	run "make" with env("STAGE", "build")
	env "STAGE" "run"
}
`,
  },
  {
    code: 'HLB0427',
    title: 'A statement after a call that is bound',
    explanation:
      'Rule `statement-after-bind`. A bound name stands for its whole function, in which the bound call gives the bound value in place of its own. The statements after it go on with that value: after a bound mount they change the mounted file system. Let the bound call be the last.',
    wrong: `fs _compile() {
	image "golang"
	run "go build -o /out/app" with option {
		mount scratch "/out" as app
	}
	run "go clean -cache"
}

fs default() {
	app
}
`,
    right: `fs _compile() {
	image "golang"
	run "go build -o /out/app && go clean -cache" with option {
		mount scratch "/out" as app
	}
}

fs default() {
	app
}
`,
  },
  {
    code: 'HLB0428',
    title: 'A command that is never executed',
    explanation:
      'Rule `run-without-result`. With a read-only root, what a command leaves behind can only be in a mount that is bound. If none is, or only a read-only one, nothing can depend on the command, and it is left out of the build.',
    wrong: `fs default() {
	image "golang"
	run "go vet ./..." with option {
		readonlyRootfs
		mount local(".") "/src"
	}
}
`,
    right: `fs default() {
	image "golang"
	run "go vet ./..." with option {
		mount local(".") "/src"
	}
}
`,
  },
];
