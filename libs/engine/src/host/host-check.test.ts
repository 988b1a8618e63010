import { expect, test } from 'vitest';
import { missingCapabilities } from './host-check.js';

test('the capabilities that a container lacks are named', () => {
  expect(missingCapabilities('Name:\tnode\nCapEff:\t000001ffffffffff\n')).toEqual([]);
  // Docker's default set.
  expect(missingCapabilities('Name:\tnode\nCapEff:\t00000000a80425fb\n')).toEqual(['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']);
});
