/** The two parts of a device's number. */
export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

/** Splits a device's number as the system that gave it does: `st_rdev` is one number, of which each system has its own layout. */
export function deviceNumber(device: bigint, platform: NodeJS.Platform = process.platform): DeviceNumber {
  switch (platform) {
    case 'darwin':
      return { major: Number((device >> 24n) & 0xffn), minor: Number(device & 0xff_ffffn) };
    default:
      return {
        major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xffff_f000n)),
        minor: Number((device & 0xffn) | ((device >> 12n) & 0xffff_ff00n)),
      };
  }
}
