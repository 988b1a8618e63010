/** A program for each builtin of this part, shown on its page. Tests check and format every one. */
export const outputsExamples: Readonly<Record<string, string>> = {
  dockerPush: `fs default() {
	image "alpine:3.20"
	entrypoint "/bin/sh"
	dockerPush "registry.example.org/team/app:1.2.3" as pushed
}

string digestOfPush() {
	pushed
}
`,
  stargz: `fs default() {
	image "alpine:3.20"
	dockerPush "registry.example.org/team/app:1.2.3" with stargz
}
`,
  dockerLoad: `fs default() {
	image "alpine:3.20"
	dockerLoad "app:dev"
}
`,
  download: `fs default() {
	image "golang:1.23"
	run "go build -o /out/app ." with option {
		dir "/src"
		mount local(".") "/src" with readonly
		mount scratch "/out" as app
	}
}

fs binaries() {
	app
	download "dist"
}
`,
  downloadTarball: `fs default() {
	local "docs"
	downloadTarball "dist/docs.tar"
}
`,
  downloadOCITarball: `fs default() {
	image "alpine:3.20"
	downloadOCITarball "dist/app.oci.tar"
}
`,
  downloadDockerTarball: `fs default() {
	image "alpine:3.20"
	downloadDockerTarball "dist/app.tar" "app:1.2.3"
}
`,
  entrypoint: `fs default() {
	image "node:20"
	entrypoint "node" "server.js"
}
`,
  cmd: `fs default() {
	image "postgres:16"
	cmd "postgres" "-c" "log_statement=all"
}
`,
  label: `fs default() {
	image "alpine:3.20"
	label "org.opencontainers.image.source" "https://github.com/example/app"
}
`,
  expose: `fs default() {
	image "nginx:1.27"
	expose "8080" "8443/tcp"
}
`,
  volumes: `fs default() {
	image "postgres:16"
	volumes "/var/lib/postgresql/data"
}
`,
  stopSignal: `fs default() {
	image "nginx:1.27"
	stopSignal "SIGQUIT"
}
`,
};
