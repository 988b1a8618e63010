import { marshal } from '@hlb/llb';
import { expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { base, mkfile, OnEngine, platform, shell } from '../fixtures/on-engine.js';
import { skipUnless } from '../fixtures/skip-unless.js';
import type { Gateway } from '../gateway/gateway.js';
import { openGateway } from '../gateway/open-gateway.js';
import type { Reference } from '../gateway/result.js';
import { BuildkitError } from './buildkit-error.js';

async function failure(promise: Promise<unknown>): Promise<BuildkitError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof BuildkitError) return error;
  throw new Error(`no BuildkitError: ${String(error)}`, { cause: error });
}

async function gatewayOf(on: OnEngine): Promise<Gateway> {
  const gateway = await openGateway(on.connection, { session: on.session.id });
  onTestFinished(() => gateway.close());
  return gateway;
}

/** What engines from 0.11 attach to errors of builds; 20.10 has vertices and texts only. */
const attaches = (on: OnEngine): boolean => on.caps.llb.has('source.policy');

test('a command that fails: its vertex, its exit code, the stack of the engine', async () => {
  const on = await OnEngine.open();
  const definition = marshal(shell(`: ${on.mark}; exit 42`), { platform });
  const error = await failure(on.build(undefined, { definition }));
  expect(error.message).toContain('exit code: 42');
  expect(error.lost).toBe(false);
  expect(error.details.exitCode).toBe(42);
  if (!attaches(on)) return;
  expect(error.details.vertices).toEqual([definition.digests.at(-2)]);
  const frames = error.details.stacks.flatMap((stack) => stack.frames);
  expect(frames.some(({ name, file, line }) => /buildkit/.test(name) && file.endsWith('.go') && line > 0)).toBe(true);
});

test('in a gateway: the results of what failed, to look into', async (context) => {
  await skipUnless(context, 'llb:source.policy', 'results of what failed');
  const on = await OnEngine.open();
  const gateway = await gatewayOf(on);
  const definition = marshal(shell(`echo left behind > /trace; : ${on.mark}; exit 3`), { platform });
  const { details } = await failure(gateway.solve({ definition, evaluate: true }));
  expect(details.exitCode).toBe(3);
  const root = details.solve?.mountIds[0] ?? '';
  expect(root).not.toBe('');
  const container = await gateway.newContainer({ mounts: [{ kind: 'result', path: '/', resultId: root }] });
  onTestFinished(() => container.release());
  const process = await container.start({ args: ['/bin/cat', '/trace'], env: ['PATH=/bin'] });
  const written: Buffer[] = [];
  process.stdout.on('data', (chunk: Buffer) => written.push(chunk));
  process.stderr?.resume();
  expect((await process.exit).code).toBe(0);
  expect(Buffer.concat(written).toString()).toBe('left behind\n');
});

test("a frontend's step: the place in its own file", async () => {
  const on = await OnEngine.open();
  const dockerfile = `FROM ${testEngine().registry}/base\n\nRUN true\nRUN : ${on.mark}; exit 9\n`;
  const error = await failure(on.frontend('local', { frontend: 'dockerfile.v0', frontendInputs: inputs(dockerfile) }));
  expect(error.message).toContain('exit code: 9');
  if (!attaches(on)) return;
  expect(error.details.sources).toMatchObject([
    { file: 'Dockerfile', ranges: [{ start: { line: 4 }, end: { line: 4 } }] },
  ]);
  expect(Buffer.from(error.details.sources[0]?.data ?? []).toString()).toBe(dockerfile);
});

function inputs(dockerfile: string): ReadonlyMap<string, ReturnType<typeof marshal>> {
  return new Map([
    ['context', marshal(undefined, { platform })],
    ['dockerfile', marshal(mkfile('/Dockerfile', dockerfile), { platform })],
  ]);
}

test("a frontend's error that no header can hold is told all the same", async (context) => {
  await skipUnless(context, 'llb:source.policy', 'places in errors');
  const on = await OnEngine.open();
  const comment = `# ${'long '.repeat(20)}\n`.repeat(900);
  const dockerfile = `FROM ${testEngine().registry}/base\n${comment}BOGUS ${on.mark}\n`;
  const solved = await failure(on.frontend('local', { frontend: 'dockerfile.v0', frontendInputs: inputs(dockerfile) }));
  expect(solved.message).toMatch(/unknown instruction: BOGUS/);
  expect(solved.details.sources).toMatchObject([{ file: 'Dockerfile', ranges: [{ start: { line: 902 } }] }]);

  const other = await OnEngine.open();
  const gateway = await gatewayOf(other);
  const error = await failure(gateway.solve({ frontend: 'dockerfile.v0', frontendInputs: inputs(dockerfile) }));
  expect(error.message).toMatch(/unknown instruction: BOGUS/);
  expect(error.details.sources).toMatchObject([{ file: 'Dockerfile', ranges: [{ start: { line: 902 } }] }]);
});

test('a subrequest and a capability that a frontend has not', async () => {
  const on = await OnEngine.open();
  const attempt = (attrs: [string, string][]): Promise<BuildkitError> =>
    failure(
      on.frontend('local', {
        frontend: 'dockerfile.v0',
        frontendAttrs: new Map(attrs),
        frontendInputs: inputs(`FROM ${testEngine().registry}/base\n`),
      }),
    );
  const subrequest = await attempt([['requestid', 'frontend.dreams']]);
  expect(subrequest.message).toContain('frontend.dreams');
  const capability = await attempt([['frontend.caps', 'moby.buildkit.frontend.dreams']]);
  expect(capability.message).toContain('moby.buildkit.frontend.dreams');
  if (!attaches(on)) return;
  expect(subrequest).toMatchObject({ details: { missing: { kind: 'subrequest', name: 'frontend.dreams' } } });
  expect(capability).toMatchObject({ details: { missing: { kind: 'frontend-capability' } } });
});

test('a frontend of our own fails with words of its own', async () => {
  const on = await OnEngine.open();
  const gateway = await openGateway(on.connection);
  expect(await gateway.fail('not today', 'FAILED_PRECONDITION')).toMatchObject({
    name: 'BuildkitError',
    message: expect.stringContaining('not today'),
  });
  await gateway.close();
});

test('refs of other builds are of no use', async () => {
  const on = await OnEngine.open();
  const [one, two] = [await gatewayOf(on), await gatewayOf(on)];
  const { refs } = await one.solve({ definition: marshal(base(), { platform }) });
  const foreign: Reference | undefined = refs.kind === 'one' ? refs.ref : undefined;
  expect((await failure(two.readFile(foreign ?? { id: 'none' }, '/a'))).message).toMatch(/no such ref|not found/i);
});
