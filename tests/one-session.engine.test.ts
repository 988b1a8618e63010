import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { StepResults } from '@hlb/plan';
import { expect, test } from 'vitest';
import { folderWith } from './support/cli.js';
import { failedTransfers, longestGap, runIn, sent, sessionsOf } from './support/one-session.js';
import { testEngine } from './support/test-engine.js';

const FIVE_USES = (registry: string) => `
fs context() {
	local "app"
}

fs one() {
	frontend "dockerfile.v0" with option {
		input "context" context
		input "dockerfile" local("./app")
		opt "filename" "One.Dockerfile"
	}
}

fs two() {
	frontend "dockerfile.v0" with option {
		input "context" local("app/../app")
		input "dockerfile" context
		opt "filename" "Two.Dockerfile"
	}
}

fs default() {
	image "${registry}/base"
	run "cat /a/note > /from-run" with option {
		mount context "/a" with readonly
	}
	run "cat /b/note >> /from-run" with option {
		mount local("app") "/b" with readonly
	}
	copy local("app") "note" "/from-copy"
	copy one "note" "/from-one"
	copy two "note" "/from-two"
	download "out"
}
`;

test('five uses of one directory, two of them by frontends, send it once, in the one session, without a made-up id', async () => {
  const folder = await folderWith({
    'app/note': 'read me\n',
    'app/One.Dockerfile': 'FROM scratch\nCOPY note /note\n',
    'app/Two.Dockerfile': 'FROM scratch\nCOPY note /note\n',
  });
  const { build, plan, events } = await runIn(folder, FIVE_USES(testEngine().registry));

  for (const name of ['from-copy', 'from-one', 'from-two']) {
    expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe('read me\n');
  }
  expect(readFileSync(join(folder, 'out', 'from-run'), 'utf8')).toBe('read me\nread me\n');

  expect([...sent(events)]).toEqual([['app', 1]]);
  const opened = events.filter((event) => event.kind === 'build-opened');
  expect(opened).toMatchObject([{ sessionId: build.sessionId }]);
  for (const event of events) {
    if (event.kind === 'transfer' && event.direction === 'send') expect(event.sessionId).toBe(build.sessionId);
  }

  // Frontends were given LLB of ours; the final solve's is asked for with scratch in place of what they gave.
  const scratch: StepResults = new Map(
    plan.steps.map((step) => [step.id, { kind: 'frontend', definition: undefined, metadata: new Map() }]),
  );
  const frontends = plan.steps.filter((step) => step.kind === 'frontend');
  expect(frontends).toHaveLength(2);
  for (const step of plan.steps) {
    for (const session of sessionsOf(step, scratch)) expect(session).toBe(build.sessionId);
  }
});

test('a local that only a frontend reads does not appear in the final solve, unless the result refers to it', async () => {
  const folder = await folderWith({
    'app/Dockerfile': 'FROM scratch\nCOPY --from=other /mark /mark\n',
    'other/mark': 'other',
  });
  const program = `
fs default() {
	frontend "dockerfile.v0" with option {
		input "context" local("app")
		input "dockerfile" local("app")
		input "other" local("other")
		opt "context:other" "input:other"
	}
	download "out"
}
`;
  const { plan, events } = await runIn(folder, program);
  expect(readFileSync(join(folder, 'out', 'mark'), 'utf8')).toBe('other');
  // The Dockerfile was read in the frontend's solve, `other` is part of its result: each went over once.
  expect([...sent(events)].sort()).toEqual([
    ['app', 1],
    ['other', 1],
  ]);
  const final = plan.steps.find((step) => step.kind === 'output');
  const vertices = events.filter((event) => event.kind === 'vertex' && event.step === final?.id);
  const names = new Set(vertices.map((event) => (event.kind === 'vertex' ? event.name : '')));
  expect([...names].filter((name) => name.startsWith('local://'))).toEqual(['local://other']);
});

test('ten different locals, run twice: each is sent once, in the session that its op names', async () => {
  const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`d${index}/file`, `content ${index}`]));
  const folder = await folderWith(files);
  const copies = Array.from({ length: 10 }, (_, index) => `\tcopy local("d${index}") "file" "/f${index}"\n`).join('');
  const program = `fs default() {\n\tscratch\n${copies}\tdownload "out"\n}\n`;
  for (const round of [1, 2]) {
    const { build, plan, begun, events } = await runIn(folder, program);
    expect(sent(events).size).toBe(10);
    for (let index = 0; index < 10; index += 1) {
      expect(readFileSync(join(folder, 'out', `f${index}`), 'utf8')).toBe(`content ${index}`);
    }
    // An engine that looks for a session that nobody has lets five seconds pass: each is told to have this build's.
    expect(failedTransfers(events)).toEqual([]);
    for (const step of plan.steps) {
      for (const session of sessionsOf(step, new Map())) expect(session, `round ${round}`).toBe(build.sessionId);
    }
    // A wait that no session's id shows.
    expect(longestGap({ begun, events }), `round ${round}`).toBeLessThan(1000);
  }
});

/** Ways in which one directory may be met: what a program does with it, and what is sent, by name and count. */
const matrix: readonly (readonly [string, string, Readonly<Record<string, number>>])[] = [
  [
    'written as `.`, with `..`, absolute and through a link',
    `	copy local("app") "note" "/f1"
	copy local("./app/../app") "note" "/f2"
	copy local("FOLDER/app") "note" "/f3"
	copy local("link") "note" "/f4"
`,
    { app: 1 },
  ],
  [
    'with other filters',
    `	copy local("app") "note" "/f1"
	copy fs { local "app" with includePatterns("note"); } "note" "/f2"
	copy fs { local "link" with includePatterns("note"); } "note" "/f3"
	copy fs { local "app" with excludePatterns("*Dockerfile"); } "note" "/f4"
`,
    { app: 1, 'app#2': 1, 'app#3': 1 },
  ],
  [
    'for values of other platforms, in a function that is called many times',
    `	copy on("amd64") "/a/note" "/f1"
	copy on("arm64") "/a/note" "/f2"
	copy on("riscv64") "/a/note" "/f3"
`,
    { app: 1 },
  ],
  [
    'in an imported module',
    `	copy kit.sources "/note" "/f1"
	copy local("app") "note" "/f2"
`,
    { app: 1 },
  ],
  [
    'as inputs of nested frontends',
    `	copy outer "note" "/f1"
	copy local("app") "note" "/f2"
`,
    { app: 1 },
  ],
  [
    'in a mount that is bound',
    `	copy built "note" "/f1"
	copy local("link") "note" "/f2"
`,
    { app: 1 },
  ],
];

test.each(matrix)('a directory and filter is sent once: %s', async (_, uses, wanted) => {
  const base = `${testEngine().registry}/base`;
  const folder = await folderWith({
    'app/note': 'read me\n',
    'app/One.Dockerfile': 'FROM scratch\nCOPY note /note\n',
    'app/Two.Dockerfile': 'FROM base\nCOPY note /again\n',
    'lib/kit.hlb': 'export sources\n\nfs sources() {\n\tlocal "../app"\n}\n',
  });
  symlinkSync('app', join(folder, 'link'));
  const program = `import kit from "./lib/kit.hlb"

fs on(string arch) {
	image "${base}" with option { platform "linux" arch; }
	copy local("./app") "/" "/a"
}

fs inner() {
	frontend "dockerfile.v0" with option {
		input "context" local("app")
		input "dockerfile" local("link")
		opt "filename" "One.Dockerfile"
	}
}

fs outer() {
	frontend "dockerfile.v0" with option {
		input "context" local("./app")
		input "dockerfile" local("./app")
		input "base" inner
		opt "filename" "Two.Dockerfile"
		opt "context:base" "input:base"
	}
}

fs build() {
	image "${base}"
	run "touch /src/made" with option {
		mount local("app") "/src" as built
	}
}

fs default() {
	scratch
${uses.replaceAll('FOLDER', folder)}	download "out"
}
`;
  const { events } = await runIn(folder, program);
  for (const [place] of uses.trimEnd().split('\n').entries()) {
    expect(readFileSync(join(folder, 'out', `f${place + 1}`), 'utf8')).toBe('read me\n');
  }
  expect(Object.fromEntries(sent(events))).toEqual(wanted);
});
