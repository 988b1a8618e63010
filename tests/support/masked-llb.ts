import { record } from './compile-case.js';

/** Keys in order, caps that a newer client adds left out. */
export function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [
      key,
      key === 'caps' && Array.isArray(item) ? item.filter((cap) => !newer.has(cap)) : normal(item),
    ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

const newer = new Set(['file.copy.includeexcludepatterns', 'file.rm.wildcard']);

/** As the data was masked: what depends on the machine, and the digests of what holds it. */
export function masked(json: Record<string, unknown>): Record<string, unknown> {
  if (Array.isArray(json['parallel'])) json['parallel'] = json['parallel'].map((part) => masked(record(part)));
  if (Array.isArray(json['sequential'])) json['sequential'] = json['sequential'].map((part) => masked(record(part)));
  if (Array.isArray(json['effects'])) {
    for (const effect of json['effects'])
      if (effect.request !== undefined) effect.request = masked(record(effect.request));
  }
  if (!Array.isArray(json['ops'])) return json;
  const places = new Map<string, number>();
  const ops = json['ops'].map((op, index) => {
    const { changed, value } = maskOp(record(op), places);
    if (changed) places.set(String(op.digest), index);
    return value;
  });
  const terminal = json['terminal'] === null ? null : maskOp(record(json['terminal']), places).value;
  const agents = record(record(json['session'])['agents']);
  for (const agent of Object.values(agents)) {
    const paths = record(agent)['paths'];
    if (Array.isArray(paths)) {
      Object.assign(record(agent), {
        paths: paths.map((path) => (String(path).endsWith('/proxy.sock') ? '<tmp>/proxy.sock' : path)),
      });
    }
  }
  return { ...json, ops, terminal };
}

function maskOp(
  op: Record<string, unknown>,
  places: ReadonlyMap<string, number>,
): { changed: boolean; value: unknown } {
  let changed = false;
  const visit = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item, name)]));
    }
    if (key === 'local.unique' || key === 'local.sharedkeyhint') {
      changed = true;
      return '<machine>';
    }
    if (key === 'env' && String(value).startsWith('HLB_IGNORE_CACHE=')) {
      changed = true;
      return 'HLB_IGNORE_CACHE=<random>';
    }
    const place = key === 'digest' ? places.get(String(value)) : undefined;
    if (place !== undefined) {
      changed = true;
      return `op:${place}`;
    }
    return value;
  };
  const inner = visit(op['op'], '');
  return { changed, value: { ...op, op: inner, digest: changed ? null : op['digest'] } };
}
