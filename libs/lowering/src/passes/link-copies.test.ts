import { applyPass, checkPass } from '@hlb/ir/testing';
import { expect, test } from 'vitest';
import { linkCopies } from './link-copies.js';

const before = '%s = local "."\n%i = image "busybox"\n%e = scratch\n';

test.each<[string, boolean]>([
  ['%c = copy %i %s "/a" "/opt/"', true],
  ['%c = copy %i %s "/a" "/opt/."', true],
  ['%c = copy %i %s "/a" "bin/"', true],
  ['%c = copy %i %s "/a" "/opt" contentsOnly', true],
  ['%c = copy %e %s "/a" "/opt"', true],
  ['%c = copy %i %s "/a" "/opt"', false],
  ['%c = copy %i %s "/a" "/opt/" chown="1000:0"', false],
  ['%c = copy %i %s "/a" "/opt/" chmod=0o755', false],
  ['%c = copy %i %s "/a" "/opt/" unpack', false],
])('%s', async (copy, links) => {
  const result = await applyPass(linkCopies, `${before}${copy}\ntarget "default" = solve %c`);
  expect(result.changed).toBe(links);
  expect(/copy .* link$/m.test(result.text)).toBe(links);
  expect(result.stats).toEqual([{ name: 'copies that wait', before: 1, after: links ? 0 : 1 }]);
});

test('breaks nothing', async () => {
  await checkPass(linkCopies);
});
