import { expect, test } from 'vitest';
import { type CommandRequest, type Facts, hostFacts, joinFacts, sharedCommands } from './index.js';

const request = (...args: readonly string[]): CommandRequest => ({ args, cwd: '/', capture: 'stdout' });

/** A port that says how often it has run something. */
function counting(): { readonly facts: Facts; readonly ran: string[] } {
  const ran: string[] = [];
  const command: Facts['command'] = async ({ args }) => {
    ran.push(args.join(' '));
    if (args[0] === 'fail') throw new Error('can not be started');
    return { output: `${args.join(' ')} ${ran.length}`, discarded: '', exit: 0 };
  };
  return { facts: { ...joinFacts(hostFacts({ cwd: '/work' })), command }, ran };
}

test('what several compiles run runs once, and each is told the same', async () => {
  const { facts, ran } = counting();
  const port = sharedCommands(facts);
  const [one, other] = [port(), port()];
  const first = await one.command(request('date'));
  expect(await other.command(request('date'))).toBe(first);
  expect((await other.command(request('date', '-u'))).output).toBe('date -u 2');
  expect((await one.command({ ...request('date'), cwd: '/tmp' })).output).toBe('date 3');
  expect(ran).toEqual(['date', 'date -u', 'date']);
  expect(await other.cwd()).toBe('/work');
});

test('what one compile runs twice runs twice, for all of them', async () => {
  const { facts, ran } = counting();
  const port = sharedCommands(facts);
  for (const compile of [port(), port(), port()]) {
    expect((await compile.command(request('date'))).output).toBe('date 1');
    expect((await compile.command(request('date'))).output).toBe('date 2');
  }
  expect(ran).toHaveLength(2);
});

test('one that can not be started is not tried again', async () => {
  const { facts, ran } = counting();
  const port = sharedCommands(facts);
  for (const compile of [port(), port()]) await expect(compile.command(request('fail'))).rejects.toThrow('started');
  expect(ran).toHaveLength(1);
});
