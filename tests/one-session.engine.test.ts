import { readFileSync } from 'node:fs';
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

test('ten different locals, run twice: each is sent at once when its vertex starts', async () => {
  const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`d${index}/file`, `content ${index}`]));
  const folder = await folderWith(files);
  const copies = Array.from({ length: 10 }, (_, index) => `\tcopy local("d${index}") "file" "/f${index}"\n`).join('');
  const program = `fs default() {\n\tscratch\n${copies}\tdownload "out"\n}\n`;
  for (const round of [1, 2]) {
    const { events } = await runIn(folder, program);
    expect(sent(events).size).toBe(10);
    for (let index = 0; index < 10; index += 1) {
      expect(readFileSync(join(folder, 'out', `f${index}`), 'utf8')).toBe(`content ${index}`);
    }
    // An engine that looks for a session that nobody has shows no running vertex for seconds, or a transfer that failed.
    expect(failedTransfers(events)).toEqual([]);
    expect(longestGap(events), `round ${round}`).toBeLessThan(1000);
  }
});
