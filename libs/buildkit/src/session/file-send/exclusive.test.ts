import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { exclusively } from './exclusive.js';

test('what asks for one name goes one after the other, what asks for others side by side', async () => {
  const events: string[] = [];
  const work = (name: string, mark: string) =>
    exclusively(name, async () => {
      events.push(`${mark} in`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${mark} out`);
    });
  const name = `one ${process.pid} ${Math.random()}`;
  await Promise.all(['a', 'b', 'c', 'd'].map((mark) => work(name, mark)));
  for (let index = 0; index < events.length; index += 2) {
    expect(events[index + 1]).toBe(events[index]?.replace('in', 'out'));
  }
  // Another name is free while the first is held.
  expect(await exclusively(name, () => exclusively(`${name}x`, async () => 'both'))).toBe('both');
});

test('a failure frees it, and so does the death of its process', async () => {
  const name = `two ${process.pid} ${Math.random()}`;
  await expect(exclusively(name, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const program = `
    import { exclusively } from ${JSON.stringify(new URL('./exclusive.ts', import.meta.url).href)};
    setInterval(() => undefined, 1000);
    void exclusively(${JSON.stringify(name)}, () => { console.log('held'); return new Promise(() => undefined); });
  `;
  const { build } = await import('esbuild');
  const bundled = await build({
    ...{
      stdin: { contents: program.replace(/file:\/\//, ''), resolveDir: '/', loader: 'js' },
      bundle: true,
      write: false,
    },
    ...{ platform: 'node', format: 'cjs' },
  });
  const holder = spawn(process.execPath, ['-e', bundled.outputFiles[0]?.text ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  let done = false;
  const waiting = exclusively(name, async () => {
    done = true;
  });
  expect(done).toBe(false);
  holder.kill('SIGKILL');
  await waiting;
  expect(done).toBe(true);
});
