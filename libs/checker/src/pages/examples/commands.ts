/** A program for each builtin of this part, shown on its page. Tests check and format every one. */
export const commandsExamples: Readonly<Record<string, string>> = {
  shell: `fs default() {
	image "debian:12"
	shell "/bin/bash" "-o" "pipefail" "-c"
	run "shopt -s globstar && cat **/*.conf | sort > /all"
}
`,
  run: `fs default() {
	image "golang:1.23"
	run "go build -o /out/app ./..." with option {
		dir "/src"
		mount local(".") "/src" with readonly
		mount scratch "/out" as app
	}
}
`,
  readonlyRootfs: `fs _compile() {
	image "golang:1.23"
	run "go build -o /out/app ./..." with option {
		readonlyRootfs
		mount scratch "/out" as app
	}
}

fs default() {
	app
}
`,
  ignoreCache: `fs default() {
	image "alpine:3.20"
	run "date > /built" with ignoreCache
}
`,
  network: `fs default() {
	image "golang:1.23"
	run "go test ./..." with network("none")
}
`,
  security: `fs default() {
	image "docker:27-dind"
	run "./test-in-containers.sh" with security("insecure")
}
`,
  shlex: `fs default() {
	image "alpine:3.20"
	run "tar -czf '/my files.tar.gz' /etc" with shlex
}

string branch() {
	localRun "git rev-parse --abbrev-ref HEAD" with shlex
}
`,
  host: `fs default() {
	image "alpine:3.20"
	run "wget http://db:8080/health" with host("db", "10.0.0.7")
}
`,
  ssh: `fs default() {
	image "alpine/git"
	run "git clone git@github.com:example/private.git /src" with ssh
}
`,
  forward: `fs default() {
	image "docker:27-cli"
	run "docker ps" with forward("unix:///var/run/docker.sock", "/var/run/docker.sock")
}
`,
  secret: `fs default() {
	image "node:20"
	run "npm publish" with option {
		secret "~/.npmrc" "/root/.npmrc"
	}
}
`,
  mount: `fs _compile() {
	image "golang:1.23"
	run "go build -o /out/app ." with option {
		dir "/src"
		mount local(".") "/src" with readonly
		mount scratch "/out" as app
	}
}

fs default() {
	image "alpine:3.20"
	copy app "app" "/usr/bin/app"
}
`,
};
