import type { DiagnosticRow } from '../registry.js';

export const compileRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0501',
    title: 'No such target',
    explanation:
      'A target is the name of a function, or of a name bound by `as`, in the program itself. Without `-t` it is `default`.',
  },
  {
    code: 'HLB0502',
    title: 'A target with parameters',
    explanation:
      'A target is called without arguments, so it can have no parameters. Declare a function without parameters that calls it with what you want.',
    wrong: 'fs default(string name) {\n\tscratch\n\tmkfile "/a" 0o644 name\n}\n',
    right: 'fs named(string name) {\n\tscratch\n\tmkfile "/a" 0o644 name\n}\n\nfs default() {\n\tnamed "x"\n}\n',
  },
  {
    code: 'HLB0503',
    title: 'A function that calls itself',
    explanation:
      'The language has no conditions, so a function that reaches itself, directly or by way of others, never ends. A name bound by `as` evaluates the function around the bind, and counts as a call of it.',
    wrong: 'fs default() {\n\tdefault\n\tmkfile "/a" 0o644 "a"\n}\n',
    right: 'fs base() {\n\tscratch\n}\n\nfs default() {\n\tbase\n\tmkfile "/a" 0o644 "a"\n}\n',
  },
  {
    code: 'HLB0504',
    title: 'Not an image reference',
    explanation: 'An image is named `[HOST[:PORT]/]NAME[:TAG][@DIGEST]`, in lower case.',
    wrong: 'fs default() {\n\timage "Not A Ref!"\n}\n',
    right: 'fs default() {\n\timage "alpine:3.20"\n}\n',
  },
  {
    code: 'HLB0505',
    title: 'Not a network mode',
    explanation: 'A command runs with the network `unset` (the usual one), `host` or `none`.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "x" with network("hots")\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "x" with network("host")\n}\n',
  },
  {
    code: 'HLB0506',
    title: 'Not a security mode',
    explanation: 'A command runs in a `sandbox`, which is usual, or `insecure`.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "x" with security("open")\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "x" with security("insecure")\n}\n',
  },
  {
    code: 'HLB0507',
    title: 'Not a sharing mode of a cache',
    explanation: 'A cache mount is `shared`, `private` or `locked`.',
    wrong:
      'fs default() {\n\timage "alpine"\n\trun "x" with option {\n\t\tmount scratch "/c" with cache("id", "privat")\n\t}\n}\n',
    right:
      'fs default() {\n\timage "alpine"\n\trun "x" with option {\n\t\tmount scratch "/c" with cache("id", "private")\n\t}\n}\n',
  },
  {
    code: 'HLB0508',
    title: 'Not a digest',
    explanation: 'A digest is `sha256:` and 64 hex digits in lower case, or the like of `sha384` and `sha512`.',
    wrong: 'fs default() {\n\thttp "https://example.org/x" with checksum("sha256:short")\n}\n',
    right:
      'fs default() {\n\thttp "https://example.org/x" with checksum("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")\n}\n',
  },
  {
    code: 'HLB0509',
    title: 'Not an IP address',
    explanation: 'A host of a command is given an IPv4 or IPv6 address.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "x" with host("db", "10.0.0.999")\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "x" with host("db", "10.0.0.9")\n}\n',
  },
  {
    code: 'HLB0510',
    title: 'Not a time',
    explanation: 'Times are written as RFC 3339 says: `2006-01-02T15:04:05Z`, or with an offset in place of the `Z`.',
    wrong: 'fs default() {\n\tscratch\n\tmkdir "/a" 0o755 with createdTime("yesterday")\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkdir "/a" 0o755 with createdTime("2024-05-01T00:00:00Z")\n}\n',
  },
  {
    code: 'HLB0511',
    title: 'Not a Git repository',
    explanation:
      'A Git remote is a URL of `https`, `http`, `ssh` or `git`, or `user@host:path`. Without a scheme it is taken for `https`.',
    wrong: 'fs default() {\n\tgit "ftp://example.org/x.git" "main"\n}\n',
    right: 'fs default() {\n\tgit "https://example.org/x.git" "main"\n}\n',
  },
  {
    code: 'HLB0512',
    title: 'A run without a command',
    explanation: 'A run needs at least one argument: a line for the shell, or a program and its arguments.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "true"\n}\n',
  },
  {
    code: 'HLB0513',
    title: 'A merge of nothing',
    explanation: 'A merge needs at least one file system to lay over the current one.',
    wrong: 'fs default() {\n\tscratch\n\tmerge\n}\n',
    right: 'fs other() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n}\n\nfs default() {\n\tscratch\n\tmerge other\n}\n',
  },
  {
    code: 'HLB0514',
    title: 'A bound cache mount',
    explanation:
      'What a cache mount holds belongs to the engine and is no result of the command, so it can’t be bound with `as`. Copy what you want to a mount of its own.',
  },
  {
    code: 'HLB0515',
    title: 'A path that is not there',
    explanation:
      'Relative paths start from the directory of the module that names them. `~` and `~/…` are below the home directory; the home directories of other users have no meaning.',
    wrong: 'fs default() {\n\tlocal "absent/dir"\n}\n',
  },
  {
    code: 'HLB0516',
    title: 'A secret that is not there',
    explanation: 'A secret is a file of this host, or a directory whose files are secrets each.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "x" with secret("absent.txt", "/run/s")\n}\n',
  },
  {
    code: 'HLB0517',
    title: 'Nothing to forward to',
    explanation:
      'What is forwarded is a URL: `unix://` and the path of a socket, whose directory must exist, or `tcp://HOST:PORT`.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "x" with forward("/tmp/sock", "/run/s")\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "x" with forward("unix:///tmp/sock", "/run/s")\n}\n',
  },
  {
    code: 'HLB0518',
    title: 'A template that can’t be parsed',
    explanation: 'Templates are those of Go’s `text/template`, with its standard functions.',
    wrong: 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 string { template "{{ .x "; }\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 string { template "{{ .x }}"; }\n}\n',
  },
  {
    code: 'HLB0519',
    title: 'A template that fails',
    explanation:
      'A template was parsed, but something in it can’t be done: a text has no fields, `len` wants a text or a map.',
    wrong: 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 string { template "{{ len 1 }}"; }\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 string { template "{{ len \\"1\\" }}"; }\n}\n',
  },
  {
    code: 'HLB0520',
    title: 'A command of this host failed',
    explanation:
      'A command that `localRun` starts must end with exit code 0; with `ignoreError` any end is fine. What it printed is shown.',
    wrong: 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 string { localRun "exit 4"; }\n}\n',
  },
  {
    code: 'HLB0521',
    title: 'An image that can’t be resolved',
    explanation:
      'The engine was asked for the config of an image (its environment, directory and user) and could not give it. The message is the engine’s.',
  },
  {
    code: 'HLB0522',
    title: 'A manifest that can’t be had',
    explanation: 'The registry was asked for a manifest and could not give it, or the reference has no index to give.',
  },
  {
    code: 'HLB0523',
    title: 'A command that can’t be split',
    explanation:
      'With `shlex` a text is split into words as a shell would, so its quotes must be closed and there must be a word.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "echo \'a" with shlex\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "echo \'a\'" with shlex\n}\n',
  },
  {
    code: 'HLB0524',
    title: 'A definition that is too big',
    explanation:
      'Engines take messages of at most 16 MiB, and what is asked of them at once goes in one: the inputs of a frontend with its options, an output with the settings of its image. A target whose graph is bigger must be made of fewer operations, or of smaller files: take large files from a `local` instead of a `mkfile`.',
  },
  {
    code: 'HLB0525',
    title: 'Not an HTTP URL',
    explanation: 'What `http` fetches is a URL that starts with `http://` or `https://`.',
    wrong: 'fs default() {\n\thttp "example.org/x"\n}\n',
    right: 'fs default() {\n\thttp "https://example.org/x"\n}\n',
  },
  {
    code: 'HLB0526',
    title: 'A program that grows without bounds',
    explanation:
      'Functions that call functions twice, level by level, double the work at each. A program that expands to millions of operations is stopped.',
  },
  {
    code: 'HLB0527',
    title: 'A push without a digest',
    explanation:
      'A program reads the digest of what it pushed, but the engine did not say it. Engines that have the containerd image store do.',
  },
  {
    code: 'HLB0528',
    title: 'A command that never runs',
    explanation:
      'With a read-only root a command leaves its results in mounts alone. If none of them is bound with `as`, nothing can depend on the command, and engines run only what something depends on.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "check" with readonlyRootfs\n}\n',
    right:
      'fs checked() {\n\timage "alpine"\n\trun "check" with option {\n\t\treadonlyRootfs\n\t\tmount scratch "/report" as report\n\t}\n}\n\nfs default() {\n\treport\n}\n',
  },
  {
    code: 'HLB0529',
    title: 'A number out of range',
    explanation: 'User ids, group ids and modes are numbers from 0 to 4294967295.',
  },
  {
    code: 'HLB0530',
    title: 'A mount that can’t be',
    explanation: 'A mount needs a mount point, and a `tmpfs` starts empty.',
    wrong:
      'fs other() {\n\tscratch\n\tmkfile "/a" 0o644 "a"\n}\n\nfs default() {\n\timage "alpine"\n\trun "x" with option {\n\t\tmount other "/t" with tmpfs\n\t}\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "x" with option {\n\t\tmount scratch "/t" with tmpfs\n\t}\n}\n',
  },
  {
    code: 'HLB0531',
    title: 'A text that is known too late',
    explanation:
      'The digest of an image is known when it has been pushed. What is given it, or a text that is made of it, waits for that: a `run` of the build and what it may do, the name of another image, a remote of `git`, a command of this host (`localRun`), a question to a registry (`manifest`), paths of this host (of a `local`, a secret, a socket, an output). Only the name of a frontend’s input must be known before anything is built, and where a module of an import is when there is no engine that could build it.',
  },
  {
    code: 'HLB0532',
    title: 'The host did not answer',
    explanation:
      'Something of this host that the program asks for could not be had: a directory can’t be read, a command can’t be started.',
  },
  {
    code: 'HLB0533',
    title: 'A module that was not loaded',
    explanation:
      'A program uses a function of an import, but the import’s module is not there to be evaluated: it was left out, or could not be read.',
  },
  {
    code: 'HLB0534',
    title: 'A module from elsewhere wants out of the sandbox',
    explanation:
      'With `security "insecure"` a command may do everything that the engine may, and with `network "host"` it sees the network of the engine’s machine. Your own program may ask for that; a module that was not read from this machine only where `--allow security.insecure` or `--allow network.host` (`run.allow` in the configuration) grants it. What counts is where the option stands: options that the program gives to a function of a module are the program’s.',
  },
  {
    code: 'HLB0535',
    title: 'An image for another platform',
    explanation:
      'An image’s name may stand for images of several platforms, of which the engine takes the one that the build is for, or for a single one, which it takes as it is. This one is single, and for another platform than `--platform` or `platform` asks for: its commands run only where the engine can emulate it, and what is built from it is not what was asked for. Where it is meant, say so with `image "…" with option { platform "linux" "amd64"; }`.',
  },
  {
    code: 'HLB0536',
    title: 'A git host that is not known',
    explanation:
      'A repository is fetched by ssh with your agent, and the host must show a key that you know: one in `~/.ssh/known_hosts` or `/etc/ssh/ssh_known_hosts`, where names may be hashed, and hosts with a port of their own stand as `[host]:port`. `ssh-keyscan HOST >> ~/.ssh/known_hosts` (`-p PORT` for another port than 22) adds the keys that the host shows now; compare them with those that its owner publishes. `hlb dump` builds nothing, so there it is a warning.',
  },
];
