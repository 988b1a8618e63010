import { expect, test } from 'vitest';
import { shownName } from './shown-name.js';

test.each([
  ['docker-image://docker.io/library/busybox:latest', 'image busybox'],
  [`docker-image://docker.io/library/busybox:1.36@sha256:${'0'.repeat(64)}`, 'image busybox:1.36'],
  ['docker-image://docker.io/docker/dockerfile:1', 'image docker/dockerfile:1'],
  ['docker-image://localhost:5000/base:latest', 'image localhost:5000/base'],
  ['local://./src', 'local ./src'],
  ['/bin/sh -c make', '/bin/sh -c make'],
  ['a\nb\u001b[2J', 'a␊b␛[2J'],
])('%s is shown as %s', (name, shown) => {
  expect(shownName(name)).toBe(shown);
});
