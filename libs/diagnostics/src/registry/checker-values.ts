import type { DiagnosticRow } from '../registry.js';

/** Texts that a builtin cannot use. They are errors where they are evaluated. */
export const valueRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0351',
    title: 'A text that is no name of an image',
    explanation:
      'The name of an image is `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`. The path is in small letters. What is left out is completed as Docker does: `alpine` means `docker.io/library/alpine:latest`.',
    wrong: `fs default() {
	image "Alpine: 3"
}
`,
    right: `fs default() {
	image "alpine:3"
}
`,
  },
  {
    code: 'HLB0352',
    title: 'A text that is no digest',
    explanation:
      'A digest is an algorithm, a colon and hexadecimal digits: `sha256` has 64 of them, `sha384` 96 and `sha512` 128.',
    wrong: `fs default() {
	http "https://example.org/tool.tar.gz" with checksum("d2a84f4b8b65")
}
`,
    right: `fs default() {
	http "https://example.org/tool.tar.gz" with checksum("sha256:d2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26")
}
`,
  },
  {
    code: 'HLB0353',
    title: 'A text that is no time',
    explanation: 'A time is written as in RFC 3339: date, `T`, time of day, and `Z` or the distance from UTC.',
    wrong: `fs default() {
	scratch
	mkdir "/data" 0o755 with createdTime("2024-05-31")
}
`,
    right: `fs default() {
	scratch
	mkdir "/data" 0o755 with createdTime("2024-05-31T00:00:00Z")
}
`,
  },
  {
    code: 'HLB0354',
    title: 'A text that is no IP address',
    explanation: 'The address of a host must be an IPv4 or an IPv6 address, since it is written into `/etc/hosts`.',
    wrong: `fs default() {
	image "alpine"
	run "ping -c1 db" with host("db", "10.0.0.999")
}
`,
    right: `fs default() {
	image "alpine"
	run "ping -c1 db" with host("db", "10.0.0.99")
}
`,
  },
  {
    code: 'HLB0355',
    title: 'A text that is no address of a file',
    explanation: '`http` fetches from addresses that begin with `https://` or `http://`.',
    wrong: `fs default() {
	http "example.org/tool.tar.gz"
}
`,
    right: `fs default() {
	http "https://example.org/tool.tar.gz"
}
`,
  },
  {
    code: 'HLB0356',
    title: 'A text that is no address to forward to',
    explanation:
      'What a socket is forwarded to is `unix://` and a path on the host, or a scheme, a host and a port, such as `tcp://localhost:5432`.',
    wrong: `fs default() {
	image "alpine"
	run "make" with forward("/var/run/docker.sock", "/var/run/docker.sock")
}
`,
    right: `fs default() {
	image "alpine"
	run "make" with forward("unix:///var/run/docker.sock", "/var/run/docker.sock")
}
`,
  },
  {
    code: 'HLB0357',
    title: 'An unknown network mode',
    explanation: 'The network of a command is `unset` (what the engine does by default), `host` or `none`.',
    wrong: `fs default() {
	image "alpine"
	run "make" with network("hots")
}
`,
    right: `fs default() {
	image "alpine"
	run "make" with network("host")
}
`,
  },
  {
    code: 'HLB0358',
    title: 'An unknown security mode',
    explanation: 'A command runs in the `sandbox` or, with full privileges, `insecure`.',
    wrong: `fs default() {
	image "alpine"
	run "make" with security("privileged")
}
`,
    right: `fs default() {
	image "alpine"
	run "make" with security("insecure")
}
`,
  },
  {
    code: 'HLB0359',
    title: 'An unknown sharing mode of a cache',
    explanation:
      'Commands that run at the same time use a cache together (`shared`), one after the other (`locked`), or each has its own (`private`).',
    wrong: `fs default() {
	image "golang"
	run "go build" with option {
		mount scratch "/root/.cache" with cache("go", "exclusive")
	}
}
`,
    right: `fs default() {
	image "golang"
	run "go build" with option {
		mount scratch "/root/.cache" with cache("go", "locked")
	}
}
`,
  },
];
