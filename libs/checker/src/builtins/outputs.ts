import { type Builtin, builtin, param, variadic } from './builtin.js';

/** What leaves the build, and what is written into the settings of an image. */
export const outputBuiltins: readonly Builtin[] = [
  builtin(
    'fs',
    'dockerPush',
    [param('string', 'ref', 'image-reference')],
    'Pushes the current file system to a registry, as an image with the settings that were made for it. Binding the effect `digest` gives the digest of what was pushed: what is given it waits for the push, be it a command of the build or of this host (`localRun`), a `manifest`, or an image of that name.',
    { options: 'option::dockerPush', effects: [{ name: 'digest', type: 'string' }] },
  ),
  builtin(
    'option::dockerPush',
    'stargz',
    [],
    'Compresses the layers in the eStargz format, from which containers can start before all of it has arrived. It needs a BuildKit engine of its own, not the one inside Docker.',
  ),
  builtin(
    'fs',
    'dockerLoad',
    [param('string', 'ref', 'image-reference')],
    'Loads the current file system into the Docker engine of the host, as an image of this name.',
  ),
  builtin(
    'fs',
    'download',
    [param('string', 'localPath')],
    'Writes the files of the current file system into a directory of the host.',
  ),
  builtin(
    'fs',
    'downloadTarball',
    [param('string', 'localPath')],
    'Writes the files of the current file system into a tar file on the host.',
  ),
  builtin(
    'fs',
    'downloadOCITarball',
    [param('string', 'localPath')],
    'Writes the current file system into a tar file on the host, as an image in the OCI layout.',
  ),
  builtin(
    'fs',
    'downloadDockerTarball',
    [param('string', 'localPath'), param('string', 'ref', 'image-reference')],
    'Writes the current file system into a tar file on the host, as an image that `docker load` takes under the name `ref`.',
  ),
  builtin(
    'fs',
    'entrypoint',
    [variadic('string', 'args')],
    'Sets the program that containers of the image start, with its first arguments.',
  ),
  builtin(
    'fs',
    'cmd',
    [variadic('string', 'args')],
    'Sets the arguments that containers of the image get if none are given, or the whole command if there is no entrypoint.',
  ),
  builtin('fs', 'label', [param('string', 'key'), param('string', 'value')], 'Sets a label of the image.'),
  builtin(
    'fs',
    'expose',
    [variadic('string', 'ports')],
    'Names ports that containers of the image listen on, each written `PORT` or `PORT/PROTOCOL`.',
  ),
  builtin(
    'fs',
    'volumes',
    [variadic('string', 'mountpoints')],
    'Names directories that containers of the image keep on volumes.',
  ),
  builtin(
    'fs',
    'stopSignal',
    [param('string', 'signal')],
    'Sets the signal that stops containers of the image, by name or by number.',
  ),
];
