import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepResults } from '@hlb/plan';
import { type Build, openBuild, SolveError, type SolveEvent } from '@hlb/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderWith } from './support/cli.js';
import { pushFrontendImage } from './support/frontend-image.js';
import { failedTransfers, longestGap, type Ran, runIn, sent, sessionsOf } from './support/one-session.js';
import { testEngine } from './support/test-engine.js';

/** How often each program is run. */
const ROUNDS = Number(process.env['HLB_ROUNDS'] ?? 20);

/** A container with Node starts in each round (ms). */
const PATIENCE = 60_000 * ROUNDS;

/** What never worked, to the letter. */
const ORIGINAL = `fs default() {
	frontend "docker/dockerfile" with option {
		input "context" local("src")
		input "dockerfile" local("src")
	}
}
`;

const BIGGER = (registry: string): string => `
fs src() {
	local "src"
}

fs built() {
	frontend "docker/dockerfile" with option {
		input "context" local("src")
		input "dockerfile" local("./src")
	}
}

fs used() {
	image "${registry}/base"
	run "cat /src/a > /from-run" with option {
		mount src "/src" with readonly
	}
	copy built "/a" "/from-frontend"
	copy local("src/../src") "a" "/from-copy"
	download "used"
}

fs again() {
	built
	download "again"
}

fs tar() {
	built
	mkfile "/more" 0o644 "more"
	downloadTarball "image.tar"
}

pipeline default() {
	stage used again tar
}
`;

const FILES = { 'src/Dockerfile': 'FROM scratch\nCOPY . /\n', 'src/a': 'content' };

let builder: Build;

beforeAll(async () => {
  await pushFrontendImage();
  builder = await openBuild({ address: testEngine().address });
});

afterAll(() => builder.close());

/** Nothing that was made up, nothing sent twice, nothing that waited for a session. */
function expectOneSession({ build, plan, begun, events }: Ran, times: ReadonlyMap<string, number>): void {
  expect(sent(events)).toEqual(times);
  expect(failedTransfers(events)).toEqual([]);
  for (const event of events) {
    if (event.kind === 'transfer' && event.direction === 'send') expect(event.sessionId).toBe(build.sessionId);
  }
  const scratch: StepResults = new Map(
    plan.steps.map((step) => [step.id, { kind: 'frontend', definition: undefined, metadata: new Map() }]),
  );
  // An engine that looks for a session that nobody has lets five seconds pass.
  for (const step of plan.steps) for (const id of sessionsOf(step, scratch)) expect(id).toBe(build.sessionId);
  expect(longestGap({ begun, events })).toBeLessThan(4000);
}

test(
  `the original's failing program works, ${ROUNDS} times`,
  async () => {
    const folder = await folderWith(FILES);
    for (let round = 0; round < ROUNDS; round += 1) {
      const ran = await runIn(folder, ORIGINAL);
      expectOneSession(ran, new Map([['src', 1]]));
      expect(ran.events.filter(isFrontend)).toHaveLength(1);
      await ran.build.close();
    }
  },
  PATIENCE,
);

test(
  `also where a bigger program uses the same directory elsewhere, ${ROUNDS} times`,
  async () => {
    const folder = await folderWith(FILES);
    for (let round = 0; round < ROUNDS; round += 1) {
      const ran = await runIn(folder, BIGGER(testEngine().registry));
      expectOneSession(ran, new Map([['src', 1]]));
      await ran.build.close();
    }
    expect(readFileSync(join(folder, 'used/from-run'), 'utf8')).toBe('content');
    expect(readFileSync(join(folder, 'used/from-frontend'), 'utf8')).toBe('content');
    expect(readFileSync(join(folder, 'used/from-copy'), 'utf8')).toBe('content');
    expect(readdirSync(join(folder, 'again')).sort()).toEqual(['Dockerfile', 'a']);
  },
  PATIENCE,
);

function isFrontend(event: SolveEvent): boolean {
  return event.kind === 'step-started' && event.stepKind === 'frontend';
}

test('twelve downloads at once, made by the frontend and without it, each come to their own folder', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `d${index}`);
  const files = names.flatMap((name) => [
    [`${name}/Dockerfile`, 'FROM scratch\nCOPY mark /mark\n'],
    [`${name}/mark`, `mark of ${name}`],
    [`${name}/only-${name}`, name],
  ]);
  const functions = names.map((name, index) =>
    index % 2 === 0
      ? `fs ${name}() {\n\tfrontend "docker/dockerfile" with option {\n\t\tinput "context" local("${name}")\n\t\tinput "dockerfile" local("${name}")\n\t}\n\tdownload "out/${name}"\n}\n`
      : `fs ${name}() {\n\tlocal "${name}"\n\tdownload "out/${name}"\n}\n`,
  );
  const program = `${functions.join('\n')}\npipeline default() {\n\tstage ${names.join(' ')}\n}\n`;
  const folder = await folderWith(Object.fromEntries(files));
  for (let round = 0; round < 3; round += 1) {
    const ran = await runIn(folder, program);
    expectOneSession(ran, new Map(names.map((name) => [name, 1])));
    for (const [index, name] of names.entries()) {
      expect(readFileSync(join(folder, 'out', name, 'mark'), 'utf8')).toBe(`mark of ${name}`);
      const all = index % 2 === 0 ? ['mark'] : ['Dockerfile', 'mark', `only-${name}`];
      expect(readdirSync(join(folder, 'out', name)).sort()).toEqual(all);
    }
    await ran.build.close();
  }
});

test("what fails in a frontend's solve comes out with the engine's own details", async () => {
  const folder = await folderWith({ 'src/Dockerfile': 'FROM scratch\nCOPPY a /\n', 'src/a': 'content' });
  const failure = await runIn(folder, ORIGINAL).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(SolveError);
  expect(String(failure)).toMatch(/COPPY/);
  expect(failure).toMatchObject({ details: { reason: 'solve-failed', places: [{ file: 'Dockerfile' }] } });
});
