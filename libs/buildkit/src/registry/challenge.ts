/** How a server wants to be asked, as its `WWW-Authenticate` says. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string; readonly scopes: readonly string[] };

/** Reads the header; `undefined` where it asks for something that is not known. */
export function readChallenge(header: string | undefined): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header ?? '') ?? [];
  if (/^basic$/i.test(scheme)) return { scheme: 'basic' };
  if (!/^bearer$/i.test(scheme)) return undefined;
  const values = new Map<string, string>();
  for (const [, name = '', quoted, bare] of rest.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/g)) {
    values.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
  }
  const realm = values.get('realm');
  if (realm === undefined) return undefined;
  const scopes = (values.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  return { scheme: 'bearer', realm, service: values.get('service') ?? '', scopes };
}
