import { expect, expectTypeOf, test } from 'vitest';
import * as llb from './index.js';
import { InvalidOpError, marshal, type Output } from './index.js';

const base = llb.localSource({ name: 'base' });
const platform = { os: 'linux', architecture: 'amd64' };
const command = llb.exec({ base, args: ['x'], cwd: '/' });

/** What a program without types may pass: the types of constructors don't hold for it. */
function call(maker: string, ...values: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(llb, maker);
  if (typeof found !== 'function') throw new Error(`no constructor ${maker}`);
  return Reflect.apply(found, undefined, values);
}

const exec = { base: undefined, args: ['x'], cwd: '/' };
const mkfile = { kind: 'mkfile', path: '/a', mode: 0o644, data: Buffer.from('x') };

test.each<[RegExp, string, ...unknown[]]>([
  [/arguments of a command must be a list/, 'exec', { ...exec, args: 'echo hi' }],
  [/arguments of a command must be a list/, 'exec', {}],
  [/working directory of a command/, 'exec', { ...exec, cwd: undefined }],
  [/environment of a command must be a list/, 'exec', { ...exec, env: { A: '1' } }],
  [/its root or a mount/, 'exec', { ...exec, base: command }],
  [/its root or a mount/, 'exec', { ...exec, mounts: [{ dest: '/a', source: {} }] }],
  [/tmpfs at \/a can't have content/, 'exec', { ...exec, mounts: [{ dest: '/a', source: base, tmpfs: {} }] }],
  [/a secret needs a file or a variable/, 'exec', { ...exec, secrets: [{ id: 's' }] }],
  [/its root or a mount/, 'file', { base: command, actions: [mkfile] }],
  [/actions of a file op must be a list/, 'file', { base }],
  [/needs its data as bytes/, 'file', { base, actions: [{ ...mkfile, data: 'text' }] }],
  [/needs a mode/, 'file', { base, actions: [{ ...mkfile, mode: undefined }] }],
  [/needs a mode/, 'file', { base, actions: [{ kind: 'mkdir', path: '/d', mode: '755' }] }],
  [/can't be "touch"/, 'file', { base, actions: [{ kind: 'touch', path: '/a' }] }],
  [/its root or a mount/, 'file', { base, actions: [{ kind: 'copy', from: command, src: '/', dest: '/' }] }],
  [/what is merged must be a list/, 'merge', base],
  [/its root or a mount/, 'merge', [base, command]],
  [/its root or a mount/, 'diff', base, command],
  [/its root or a mount/, 'diff', undefined, command],
  [/its root or a mount/, 'build', {}],
  [/its root or a mount/, 'passthrough', { id: 'p', inputs: [command], outputs: [0] }],
  [/the name of a local source/, 'localSource', {}],
  [/the ref of an image/, 'imageSource', 'alpine'],
  [/the remote of a git source/, 'gitSource', {}],
  [/no http or https URL/, 'httpSource', {}],
  [/its root or a mount/, 'marshal', command, { platform }],
])('what can not be meant is refused where it is made: %s', (message, maker, ...values) => {
  expect(() => call(maker, ...values)).toThrow(InvalidOpError);
  expect(() => call(maker, ...values)).toThrow(message);
});

test('a definition needs a platform', () => {
  for (const options of [undefined, {}, { platform: 'linux/amd64' }]) {
    expect(() => call('marshal', base, options)).toThrow(/as parsePlatform\('linux\/amd64'\) gives it/);
  }
  expect(marshal(base, { platform }).def).toHaveLength(2);
});

test('types keep invalid graphs from being written', () => {
  type Mount = llb.ExecMount;
  expectTypeOf<{ dest: string; cache: { id: string } }>().toExtend<Mount>();
  expectTypeOf<{ dest: string; tmpfs: { size: bigint } }>().toExtend<Mount>();
  expectTypeOf<{ dest: string; source: Output; tmpfs: object }>().not.toExtend<Mount>();
  expectTypeOf<{ source: Output }>().not.toExtend<Mount>();

  expectTypeOf<{ id: string }>().not.toExtend<llb.ExecSecret>();
  expectTypeOf<{ id: string; target: string }>().toExtend<llb.ExecSecret>();
  expectTypeOf<{ env: string }>().toExtend<llb.ExecSecret>();

  // A command is no result, and an image no name.
  expectTypeOf<llb.Exec>().not.toExtend<Output>();
  expectTypeOf(llb.exec).parameter(0).toHaveProperty('base').toEqualTypeOf<Output | undefined>();
  expectTypeOf<{ base: Output; cwd: string }>().not.toExtend<llb.ExecOptions>();
  expectTypeOf<{ base: Output; args: string; cwd: string }>().not.toExtend<llb.ExecOptions>();
  expectTypeOf<string>().not.toExtend<Parameters<typeof llb.imageSource>[0]>();

  type Action = llb.FileAction;
  expectTypeOf<{ kind: 'mkfile'; path: string; mode: number; data: string }>().not.toExtend<Action>();
  expectTypeOf<{ kind: 'mkdir'; path: string }>().not.toExtend<Action>();
  expectTypeOf<{ kind: 'touch'; path: string }>().not.toExtend<Action>();
  expectTypeOf<{ kind: 'copy'; src: string; dest: string }>().not.toExtend<Action>();
  expectTypeOf(marshal).parameter(1).not.toEqualTypeOf<undefined>();
  expectTypeOf<{ platform: string }>().not.toExtend<llb.MarshalOptions>();

  // A vertex is made by constructors alone, and never changed.
  expectTypeOf<Output['index']>().toBeNumber();
  expectTypeOf<keyof llb.Vertex>().toExtend<string>();
});
