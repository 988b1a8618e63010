/** A program for each builtin of this part, shown on its page. Tests check and format every one. */
export const stringsExamples: Readonly<Record<string, string>> = {
  format: `string tag(string version) {
	format "registry.example.org/app:%s-%s" version localArch
}

fs default() {
	image "alpine:3.20"
	dockerPush tag("1.2.3")
}
`,
  localArch: `fs default() {
	http "https://example.org/tool-\${localOs}-\${localArch}.tar.gz"
}
`,
  localCwd: `fs default() {
	image "alpine:3.20"
	label "org.example.built-in" localCwd
}
`,
  localEnv: `fs default() {
	image "alpine:3.20"
	label "org.example.builder" localEnv("USER")
}
`,
  localOs: `fs default() {
	http "https://example.org/tool-\${localOs}-\${localArch}.tar.gz"
}
`,
  localRun: `string commit() {
	localRun "git" "rev-parse" "HEAD"
}

fs default() {
	image "alpine:3.20"
	label "org.opencontainers.image.revision" commit
}
`,
  ignoreError: `# The newest tag, or nothing if there is none.
string tag() {
	localRun "git" "describe" "--tags" with ignoreError
}
`,
  includeStderr: `string report() {
	localRun "make check" with includeStderr
}
`,
  onlyStderr: `string javaVersion() {
	localRun "java -version" with onlyStderr
}
`,
  manifest: `string digestOfAlpine() {
	manifest "alpine:3.20" as (digest pinned)
}

fs default() {
	image "alpine@\${pinned}"
}
`,
  template: `string config() {
	template "{{.host}}:{{.port}}" with option {
		stringField "host" "localhost"
		stringField "port" "8080"
	}
}
`,
  stringField: `string greeting(string name) {
	template "Hello {{.name}}!" with stringField("name", name)
}
`,
};
