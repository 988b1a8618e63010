/** A program for each builtin of this part, shown on its page. Tests check and format every one. */
export const sourcesExamples: Readonly<Record<string, string>> = {
  scratch: `# An image that holds one file and nothing else.
fs default() {
	scratch
	mkfile "/hello" 0o644 "hello"
}
`,
  image: `fs default() {
	image "alpine:3.20"
	run "apk add --no-cache git"
}
`,
  resolve: `fs default() {
	image "alpine:3.20" with resolve
}
`,
  platform: `# The arm64 variant, whatever the engine runs on.
fs default() {
	image "alpine:3.20" with platform("linux", "arm64")
}

string armManifest() {
	manifest "alpine:3.20" with platform("linux", "arm64")
}
`,
  http: `fs default() {
	scratch
	copy fs {
		http "https://example.org/tool.tar.gz"
	} "tool.tar.gz" "/opt/"
}
`,
  checksum: `fs default() {
	http "https://example.org/tool.tar.gz" with checksum("sha256:d2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26")
}
`,
  filename: `fs default() {
	http "https://example.org/download?id=17" with filename("tool.tar.gz")
}
`,
  git: `fs default() {
	git "https://github.com/moby/buildkit.git" "v0.15.0"
}
`,
  keepGitDir: `fs source() {
	git "https://github.com/moby/buildkit.git" "" with keepGitDir
}

fs default() {
	image "alpine/git"
	run "git describe --tags > /version" with option {
		dir "/src"
		mount source "/src"
	}
}
`,
  local: `fs default() {
	image "node:20"
	run "npm ci" with option {
		dir "/src"
		mount local(".") "/src" as installed
	}
}
`,
  frontend: `# Builds the Dockerfile of this directory.
fs default() {
	frontend "docker/dockerfile:1" with option {
		input "context" local(".")
		input "dockerfile" local(".")
		opt "target" "production"
	}
}
`,
  input: `fs default() {
	frontend "docker/dockerfile:1" with option {
		input "context" fs {
			local "." with excludePatterns("node_modules")
		}
		input "dockerfile" local("docker")
	}
}
`,
  opt: `fs default() {
	frontend "docker/dockerfile:1" with option {
		input "context" local(".")
		input "dockerfile" local(".")
		opt "build-arg:VERSION" "1.2.3"
	}
}
`,
};
