import type { OptionsIssue, OptionsSchema } from '@hlb/ir';

/** A lock file: digests by the names of images, as programs write them. */
export type Lock = Readonly<Record<string, string>>;

const digestPattern = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** The schema of the pass's options: `lock`, the content of the lock file. */
export const lockOptions: OptionsSchema<{ readonly lock: Lock }> = {
  '~standard': {
    version: 1,
    vendor: 'hlb-pass-pin-images',
    validate(value) {
      const lock: unknown = isObject(value) ? value['lock'] : undefined;
      if (!isObject(lock)) return { issues: [{ message: 'expected the content of a lock file', path: ['lock'] }] };
      const issues: OptionsIssue[] = [];
      const digests: Record<string, string> = {};
      for (const [name, digest] of Object.entries(lock)) {
        if (typeof digest === 'string' && digestPattern.test(digest)) digests[name] = digest;
        else issues.push({ message: 'expected a digest, sha256:…', path: ['lock', name] });
      }
      return issues.length > 0 ? { issues } : { value: { lock: digests } };
    },
  },
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
