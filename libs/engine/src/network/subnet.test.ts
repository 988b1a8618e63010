import { expect, test } from 'vitest';
import { chooseSubnet, defaultRouteDevices, formatAddress, parseRoutes } from './subnet.js';

// As a little-endian machine prints it: a default route, Docker's docker0 (linkdown), and a VPN's 10/8.
const routes = [
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
  'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
  'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
  'tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0',
  '',
].join('\n');

function dotted(subnet: { address: number; prefix: number } | undefined): string {
  return subnet ? `${formatAddress(subnet.address)}/${subnet.prefix}` : 'none';
}

test('routes are read without the default one', () => {
  expect(parseRoutes(routes).map((route) => `${dotted(route)} ${route.device}`)).toEqual([
    '172.17.0.0/16 docker0',
    '10.0.0.0/8 tun0',
  ]);
  expect(defaultRouteDevices(routes)).toEqual(['eth0']);
  expect(parseRoutes('')).toEqual([]);
});

test('an engine has the same range each time, and another engine another one', () => {
  expect(dotted(chooseSubnet('00000005', []))).toBe('172.29.5.0/24');
  expect(dotted(chooseSubnet('00000006', []))).toBe('172.29.6.0/24');
  expect(dotted(chooseSubnet('ffffffff', []))).toBe('172.29.255.0/24');
});

test('a range that overlaps a route is passed over', () => {
  const taken = parseRoutes(routes);
  const neighbour = { address: 172 * 2 ** 24 + 29 * 2 ** 16 + 5 * 256, prefix: 24 };
  expect(dotted(chooseSubnet('00000005', [...taken, neighbour]))).toBe('172.29.6.0/24');
  const all = { address: 172 * 2 ** 24 + 16 * 2 ** 16, prefix: 12 };
  // 10/8 is the VPN's.
  expect(dotted(chooseSubnet('00000005', [...taken, all]))).toBe('192.168.197.0/24');
  expect(
    chooseSubnet('00000005', [
      { address: 0, prefix: 1 },
      { address: 2 ** 31, prefix: 1 },
    ]),
  ).toBeUndefined();
});
