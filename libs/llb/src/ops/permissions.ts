/** The bits of a mode that sources, `mkdir` and `mkfile` keep. */
export const permissionBits = 0o777;

/** A mode as sources write it, `0` and octal digits; nothing for a mode of 0, which means not set. */
export function filePermissions(mode: number | undefined): string | undefined {
  const bits = (mode ?? 0) & permissionBits;
  return bits === 0 ? undefined : `0${bits.toString(8)}`;
}
