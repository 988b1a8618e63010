/** An IPv4 range: the address as a number, and the length of its prefix. */
export interface Subnet {
  readonly address: number;
  readonly prefix: number;
}

/** Private ranges that engines take their /24 from, in order: the first is a corner that Docker's own defaults rarely reach. */
const pools: readonly Subnet[] = [subnet('172.29.0.0/16'), subnet('10.213.0.0/16'), subnet('192.168.192.0/18')];

/**
 * A /24 for the engine with this id that overlaps none of `taken`. The id decides where the search starts, so that an
 * engine has the same one each time, and others have others.
 */
export function chooseSubnet(id: string, taken: readonly Subnet[]): Subnet | undefined {
  const start = Number.parseInt(id, 16);
  for (const pool of pools) {
    const count = 2 ** (24 - pool.prefix);
    for (let i = 0; i < count; i++) {
      const candidate = { address: pool.address + ((start + i) % count) * 256, prefix: 24 };
      if (!taken.some((other) => overlap(candidate, other))) return candidate;
    }
  }
  return undefined;
}

/** Reads the kernel's IPv4 routes (/proc/net/route): the ranges that are taken, the default route left out. */
export function parseRoutes(text: string): (Subnet & { readonly device: string })[] {
  return routeRows(text)
    .map(({ device, destination, mask }) => ({ device, address: destination, prefix: bitCount(mask) }))
    .filter(({ prefix }) => prefix > 0);
}

/** The devices of the default routes in /proc/net/route. */
export function defaultRouteDevices(text: string): string[] {
  return routeRows(text)
    .filter(({ destination, mask }) => destination === 0 && mask === 0)
    .map(({ device }) => device);
}

/** The dotted form of an address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function subnet(text: string): Subnet {
  const [address = '', prefix = ''] = text.split('/');
  return { address: address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), prefix: Number(prefix) };
}

function overlap(a: Subnet, b: Subnet): boolean {
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
  return Math.floor(a.address / size) === Math.floor(b.address / size);
}

function routeRows(text: string): { device: string; destination: number; mask: number }[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 8)
    .map((fields) => ({
      device: fields[0] ?? '',
      destination: hostOrder(fields[1] ?? ''),
      mask: hostOrder(fields[7] ?? ''),
    }));
}

/** The kernel prints an address's bytes in the machine's order, which is little-endian on all of Debian's systems but s390x. */
function hostOrder(hex: string): number {
  const bytes = hex.match(/../g) ?? [];
  const ordered = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? bytes.reverse() : bytes;
  return Number.parseInt(ordered.join('') || '0', 16);
}

function bitCount(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}
