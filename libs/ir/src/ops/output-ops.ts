import type { OpBase, OpId, Text } from './op-base.js';

/**
 * What leaves the build. An output gives its input on, ordered after the output: whoever reads its value waits for it. Every
 * evaluated output is listed in `IrModule.outputs`.
 */
export type OutputOp = DownloadOp | DownloadImageOp | DockerPushOp | DockerLoadOp;

/** The input, whose files are written to a directory or a tar file of this host. */
export interface DownloadOp extends OpBase {
  readonly kind: 'download' | 'download-tarball';
  readonly input: OpId;
  readonly path: Text;
  readonly base: string;
}

/** The input, written as an OCI or a Docker image to a tar file of this host. */
export interface DownloadImageOp extends OpBase {
  readonly kind: 'download-oci-tarball' | 'download-docker-tarball';
  readonly input: OpId;
  readonly path: Text;
  readonly base: string;
  /** The image's name; only for Docker's form. */
  readonly ref: Text | undefined;
}

/** The input, pushed as an image to a registry. */
export interface DockerPushOp extends OpBase {
  readonly kind: 'docker-push';
  readonly input: OpId;
  readonly ref: Text;
  readonly stargz: boolean;
}

/** The input, loaded as an image into the Docker engine. */
export interface DockerLoadOp extends OpBase {
  readonly kind: 'docker-load';
  readonly input: OpId;
  readonly ref: Text;
}
