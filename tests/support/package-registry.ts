import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

/** A registry of npm on this host that has some tarballs, and nothing else. */
export interface PackageRegistry {
  readonly url: string;
  stop(): void;
}

/** Serves packed packages, of which several may be versions of one. */
export async function packageRegistry(tarballs: readonly string[]): Promise<PackageRegistry> {
  const files = new Map(tarballs.map((path) => [basename(path), path]));
  const packages = new Map<string, Map<string, object>>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const file = files.get(path.replace(/^-\//, ''));
    const versions = packages.get(path);
    if (file !== undefined) response.end(readFileSync(file));
    else if (versions === undefined) response.writeHead(404).end('{}');
    else {
      const latest = [...versions.keys()].at(-1);
      response.end(JSON.stringify({ name: path, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  for (const [name, path] of files) {
    const manifest: { readonly name: string; readonly version: string } = JSON.parse(
      execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' }),
    );
    const versions = packages.get(manifest.name) ?? new Map<string, object>();
    packages.set(manifest.name, versions.set(manifest.version, { ...manifest, dist: { tarball: `${url}/-/${name}` } }));
  }
  return {
    url,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
