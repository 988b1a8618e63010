import { expect, test } from 'vitest';
import { shownName } from './shown-name.js';

test.each([
  ['docker-image://docker.io/library/busybox:latest', 'image busybox'],
  [`docker-image://docker.io/library/busybox:1.36@sha256:${'0'.repeat(64)}`, 'image busybox:1.36'],
  ['docker-image://docker.io/docker/dockerfile:1', 'image docker/dockerfile:1'],
  ['docker-image://localhost:5000/base:latest', 'image localhost:5000/base'],
  ['local://./src', 'local ./src'],
  ['/bin/sh -c make', 'make'],
  ["/bin/sh -c 'echo it'\\''s; true'", "echo it's; true"],
  ["/bin/sh -c 'echo '\\''a b'\\'", "echo 'a b'"],
  ['/bin/sh -c a\\&b', 'a&b'],
  ["/bin/sh -c '\\n  set -e\\n  true\\n'", 'set -e\\n  true'],
  ['/bin/sh -c make all', '/bin/sh -c make all'],
  ["/bin/sh -c 'open", "/bin/sh -c 'open"],
  ["/bin/sh -c ''", "/bin/sh -c ''"],
  ['go build ./...', 'go build ./...'],
  ["merge (/bin/sh -c 'echo (1), 2', copy / /)", 'merge'],
  ['diff (a -> b)', 'diff'],
  ['a\nb\u001b[2J', 'a␊b␛[2J'],
])('%s is shown as %s', (name, shown) => {
  expect(shownName(name)).toBe(shown);
});
