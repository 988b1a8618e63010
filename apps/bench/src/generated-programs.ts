/**
 * A program of so many functions of some 17 lines each (about 320 bytes a function), every one of which is used: 20,000 functions
 * are 6.4 MB. It holds what programs hold: comments, options, heredocs, interpolations, calls of each other.
 */
export function hlbProgram(functions: number): string {
  const parts: string[] = [];
  for (let index = 0; index < functions; index += 1) {
    const previous = index === 0 ? 'scratch' : `step${index - 1}("v${index}")`;
    parts.push(`# Step ${index}: compiles one part.
fs step${index}(string version) {
	image "alpine:3.${index % 20}"
	env "VERSION" "\${version}"
	dir "/src/${index}"
	run "make part-${index}" with option {
		mount ${index === 0 ? 'scratch' : `source${index}`} "/src" with readonly
		env "PART" "${index}"
	}
	mkfile "/etc/part-${index}" 0o644 <<~EOM
		part ${index}
		of \${version}
	EOM
	rm "/tmp/${index}"
}

`);
    if (index > 0) parts.push(`fs source${index}() {\n\tscratch\n\tcopy ${previous} "/out" "/"\n}\n\n`);
  }
  parts.push(`fs default() {\n\tstep${functions - 1} "last"\n}\n`);
  return parts.join('');
}

/** Operations that each function of {@link buildProgram} adds to the build. */
export const OPS_A_FUNCTION = 5;

/**
 * A program whose target calls so many functions one after another, in parts of a thousand: it expands to five operations a
 * function and one image. 20,000 functions are 6.4 MB and 100,001 operations.
 */
export function buildProgram(functions: number): string {
  const parts: string[] = ['fs base() {\n\timage "alpine:3.20"\n}\n\n'];
  const callsOfParts: string[][] = [];
  for (let index = 0; index < functions; index += 1) {
    const part = Math.floor(index / 1000);
    const calls = callsOfParts[part] ?? [];
    callsOfParts[part] = calls;
    calls.push(`\tstep${index} "v${index}"\n`);
    parts.push(`# Step ${index} makes one part.
fs step${index}(string version) {
	mkdir "/src/${index}" 0o755
	run "make VERSION=\${version}" with option {
		dir "/src/${index}"
		mount base "/tools" with readonly
	}
	copy base "/etc/os-release" "/src/${index}/base"
	mkfile "/etc/${index}" 0o644 "of \${version}"
	rm "/tmp/${index}" with allowNotFound
}

`);
  }
  callsOfParts.forEach((calls, part) => {
    parts.push(`fs part${part}() {\n${calls.join('')}}\n\n`);
  });
  const names = callsOfParts.map((_, part) => `\tpart${part}\n`);
  parts.push(`fs default() {\n\tbase\n${names.join('')}}\n`);
  return parts.join('');
}

/** A JavaScript program of about as many bytes and of the same make: functions, calls, objects, templates, comments. */
export function javaScriptProgram(bytes: number): string {
  const parts: string[] = [];
  let size = 0;
  for (let index = 0; size < bytes; index += 1) {
    const part = `// Step ${index}: compiles one part.
function step${index}(version) {
  image("alpine:3.${index % 20}");
  env("VERSION", \`\${version}\`);
  dir("/src/${index}");
  run("make part-${index}", {
    mount: [source${index}(), "/src", readonly()],
    env: { PART: "${index}" },
  });
  mkfile("/etc/part-${index}", 0o644, \`
    part ${index}
    of \${version}
  \`);
  rm("/tmp/${index}");
}

function source${index}() {
  scratch();
  copy(step${Math.max(0, index - 1)}("v${index}"), "/out", "/");
}

`;
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}

/** A bake file of so many targets, each of which inherits from the one before it in its group of ten. */
export function bakeFile(targets: number): string {
  const parts: string[] = [];
  for (let index = 0; index < targets; index += 1) {
    parts.push(`target "t${index}" {
  dockerfile = "Dockerfile.${index}"
  args = {
    VERSION = "v${index}"
  }
  tags = ["example/t${index}:latest"]
}
`);
  }
  const names = Array.from({ length: targets }, (_, index) => `"t${index}"`);
  return `group "default" {\n  targets = [${names.join(', ')}]\n}\n${parts.join('')}`;
}

/** An HLB program that says what {@link bakeFile} says: so many targets with their Dockerfile and arguments. */
export function hlbTargets(targets: number): string {
  const parts: string[] = [];
  for (let index = 0; index < targets; index += 1) {
    parts.push(`fs t${index}() {
	frontend "dockerfile.v0" with option {
		input "context" local(".")
		opt "filename" "Dockerfile.${index}"
		opt "build-arg:VERSION" "v${index}"
	}
	dockerPush "example/t${index}:latest"
}

`);
  }
  return parts.join('');
}
