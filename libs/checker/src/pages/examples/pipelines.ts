/** A program for each builtin of this part, shown on its page. Tests check and format every one. */
export const pipelinesExamples: Readonly<Record<string, string>> = {
  stage: `pipeline default() {
	stage test(local(".")) lint(local("."))
	stage push
}

fs test(fs source) {
	image "golang:1.23"
	run "go test ./..." with option {
		dir "/src"
		mount source "/src"
	}
}

fs lint(fs source) {
	image "golang:1.23"
	run "go vet ./..." with option {
		dir "/src"
		mount source "/src"
	}
}

fs push() {
	image "alpine:3.20"
	dockerPush "registry.example.org/app:latest"
}
`,
};
