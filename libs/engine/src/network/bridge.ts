import { readFile, writeFile } from 'node:fs/promises';
import { EngineError } from '../engine-error.js';
import { runCommand } from '../host/command.js';
import type { EngineLayout } from '../layout.js';
import type { EngineTools } from '../tools.js';
import { chooseSubnet, defaultRouteDevices, formatAddress, parseRoutes, type Subnet } from './subnet.js';

type Wanted = Pick<EngineLayout, 'bridge' | 'id'>;
type Tools = Pick<EngineTools, 'ip' | 'nft'>;

/** The network of builds, as it was made. */
export interface EngineNetwork {
  readonly subnet: string;
  /** The greatest packet that gets out of this machine, in bytes. */
  readonly mtu: number;
  /** Why builds reach this machine only; undefined when they reach what it reaches. */
  readonly noWayOut?: string;
}

/**
 * Makes the engine's own bridge, with a range that no route of this machine overlaps, and lets what is behind it out.
 * Docker's own rules (`iptables`) stay off: they are global and would fight with another engine's. Ours are one nft table
 * and the bridge's settings, which vanish with them. A bridge that is left from before is made anew.
 */
export async function makeNetwork(layout: Wanted, tools: Tools): Promise<EngineNetwork> {
  await removeNetwork(layout, tools);
  const routes = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const range = chooseSubnet(layout.id, parseRoutes(routes));
  if (!range)
    throw new EngineError(
      'network-failed',
      'Every private network that the engine could use is taken on this machine.',
      'Remove networks that nothing uses (`docker network prune`), and run it again.',
    );
  await ip(tools, ['link', 'add', layout.bridge, 'type', 'bridge']);
  await ip(tools, ['addr', 'add', `${formatAddress(range.address + 1)}/24`, 'dev', layout.bridge]);
  await ip(tools, ['link', 'set', layout.bridge, 'up']);
  const subnet = `${formatAddress(range.address)}/24`;
  const uplinks = defaultRouteDevices(routes);
  const noWayOut = await openWayOut(layout, range, tools, uplinks);
  return { subnet, mtu: await smallestMtu(uplinks), ...(noWayOut === undefined ? {} : { noWayOut }) };
}

/** Removes the bridge and the table, if they are there. `tools` may lack both when the engine never started. */
export async function removeNetwork(layout: Wanted, tools: Tools): Promise<void> {
  if (tools.nft !== undefined) await runCommand(tools.nft, ['delete', 'table', 'ip', layout.bridge]);
  if (await hasBridge(layout.bridge)) await ip(tools, ['link', 'del', layout.bridge]);
}

/** True when a device of this name exists. */
export async function hasBridge(name: string): Promise<boolean> {
  return (await readFile(`/sys/class/net/${name}/ifindex`, 'utf8').catch(() => '')) !== '';
}

/** Packets that are greater than the uplink's limit vanish on their way when nobody tells their sender. */
async function smallestMtu(devices: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    devices.map(async (device) => Number(await readFile(`/sys/class/net/${device}/mtu`, 'utf8').catch(() => '1500'))),
  );
  return Math.min(1500, ...sizes);
}

async function openWayOut(
  { bridge }: Wanted,
  range: Subnet,
  { nft }: Tools,
  uplinks: readonly string[],
): Promise<string | undefined> {
  if (nft === undefined) return 'nft is missing';
  const chain = `add chain ip ${bridge} out { type nat hook postrouting priority 100; }`;
  const rule = `add rule ip ${bridge} out ip saddr ${formatAddress(range.address)}/24 oifname != "${bridge}" masquerade`;
  const result = await runCommand(nft, [`add table ip ${bridge}; ${chain}; ${rule}`]);
  if (result.exitCode !== 0) return `nft: ${result.stderr.trim().split('\n')[0] ?? ''}`;
  try {
    // Forwarding per device, both ways, instead of for the whole machine.
    for (const device of [bridge, ...uplinks]) await writeFile(`/proc/sys/net/ipv4/conf/${device}/forwarding`, '1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function ip(tools: Tools, args: readonly string[]): Promise<void> {
  const result = await runCommand(tools.ip, args);
  if (result.exitCode === 0) return;
  throw new EngineError(
    'network-failed',
    `The engine's network can't be set up: \`ip ${args.join(' ')}\` says "${result.stderr.trim()}".`,
    'The engine needs a kernel with bridges and the right to set up networks (CAP_NET_ADMIN).',
  );
}
