/** A program for each builtin of this part, shown on its page. Tests check and format every one. */
export const commandOptionsExamples: Readonly<Record<string, string>> = {
  uid: `option::run asUser() {
	secret "token.txt" "/run/token" with uid(1000)
	forward "tcp://localhost:5432" "/run/db.sock" with uid(1000)
	ssh with uid(1000)
}

fs default() {
	image "alpine:3.20"
	run "./deploy" with asUser
}
`,
  gid: `option::run asGroup() {
	secret "token.txt" "/run/token" with gid(1000)
	ssh with gid(1000)
	forward "tcp://localhost:5432" "/run/db.sock" with gid(1000)
}

fs default() {
	image "alpine:3.20"
	run "./deploy" with asGroup
}
`,
  mode: `option::run forAll() {
	secret "token.txt" "/run/token" with mode(0o444)
	ssh with mode(0o666)
	forward "tcp://localhost:5432" "/run/db.sock" with mode(0o666)
}

fs default() {
	image "alpine:3.20"
	run "./deploy" with forAll
}
`,
  target: `fs default() {
	image "alpine/git"
	run "git clone git@github.com:example/private.git /src" with option {
		ssh with target("/run/agent.sock")
	}
}
`,
  localPaths: `fs default() {
	image "alpine/git"
	run "git clone git@github.com:example/private.git /src" with option {
		ssh with localPaths("~/.ssh/deploy_key")
	}
}
`,
  readonly: `fs default() {
	image "golang:1.23"
	run "go vet ./..." with option {
		dir "/src"
		mount local(".") "/src" with readonly
	}
}
`,
  tmpfs: `fs default() {
	image "postgres:16"
	run "./test.sh" with option {
		mount scratch "/var/lib/postgresql/data" with tmpfs
	}
}
`,
  sourcePath: `fs default() {
	image "golang:1.23"
	run "go test ./..." with option {
		dir "/src"
		mount local(".") "/src" with sourcePath("backend")
	}
}
`,
  cache: `fs default() {
	image "golang:1.23"
	run "go build ./..." with option {
		mount scratch "/root/.cache/go-build" with cache("go-build", "shared")
	}
}
`,
};
