import { type Frontend, type GatewayResult, runFrontend } from '@hlb/buildkit';

/** Hands the build on to the engine's own frontend for Dockerfiles, with all that this one was given. */
async function make(frontend: Frontend): Promise<GatewayResult> {
  const attrs = new Map(frontend.attrs);
  // Says that a `# syntax=` line of the Dockerfile is obeyed already: it may name this very frontend.
  attrs.set('cmdline', attrs.get('cmdline') ?? attrs.get('source') ?? '');
  attrs.delete('source');
  return frontend.solve({
    frontend: 'dockerfile.v0',
    frontendAttrs: attrs,
    frontendInputs: await frontend.inputs(),
  });
}

runFrontend(make).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
