import type * as pb from '@hlb/proto/llb';
import type { Immutable } from '../graph/vertex.js';
import type { WireWriter } from './wire-writer.js';

/** The fields of a FileOp. */
export function writeFile(writer: WireWriter, file: Immutable<pb.FileOp>): void {
  for (const action of file.actions) {
    const start = writer.open(2);
    writer.int64(1, action.input);
    writer.int64(2, action.secondaryInput);
    writer.int64(3, action.output);
    if (action.action !== undefined) {
      writeAction(writer, action.action);
    }
    writer.close(start);
  }
}

function writeAction(writer: WireWriter, action: Immutable<NonNullable<pb.FileAction['action']>>): void {
  switch (action.$case) {
    case 'copy': {
      const start = writer.open(4);
      writeCopy(writer, action.value);
      writer.close(start);
      return;
    }
    case 'mkfile': {
      const start = writer.open(5);
      writer.string(1, action.value.path);
      writer.int32(2, action.value.mode);
      writer.bytes(3, action.value.data);
      writeOwner(writer, 4, action.value.owner);
      writer.int64(5, action.value.timestamp);
      writer.close(start);
      return;
    }
    case 'mkdir': {
      const start = writer.open(6);
      writer.string(1, action.value.path);
      writer.int32(2, action.value.mode);
      writer.bool(3, action.value.makeParents);
      writeOwner(writer, 4, action.value.owner);
      writer.int64(5, action.value.timestamp);
      writer.close(start);
      return;
    }
    case 'rm': {
      const start = writer.open(7);
      writer.string(1, action.value.path);
      writer.bool(2, action.value.allowNotFound);
      writer.bool(3, action.value.allowWildcard);
      writer.close(start);
      return;
    }
    case 'symlink': {
      const start = writer.open(8);
      writer.string(1, action.value.oldpath);
      writer.string(2, action.value.newpath);
      writeOwner(writer, 3, action.value.owner);
      writer.int64(4, action.value.timestamp);
      writer.close(start);
      return;
    }
  }
}

function writeCopy(writer: WireWriter, copy: Immutable<pb.FileActionCopy>): void {
  writer.string(1, copy.src);
  writer.string(2, copy.dest);
  writeOwner(writer, 3, copy.owner);
  writer.int32(4, copy.mode);
  writer.bool(5, copy.followSymlink);
  writer.bool(6, copy.dirCopyContents);
  writer.bool(7, copy.attemptUnpackDockerCompatibility);
  writer.bool(8, copy.createDestPath);
  writer.bool(9, copy.allowWildcard);
  writer.bool(10, copy.allowEmptyWildcard);
  writer.int64(11, copy.timestamp);
  writer.strings(12, copy.includePatterns);
  writer.strings(13, copy.excludePatterns);
  writer.bool(14, copy.alwaysReplaceExistingDestPaths);
  writer.string(15, copy.modeStr);
  writer.strings(16, copy.requiredPaths);
}

function writeOwner(writer: WireWriter, field: number, owner: Immutable<pb.ChownOpt> | undefined): void {
  if (owner === undefined) {
    return;
  }
  const start = writer.open(field);
  writeUser(writer, 1, owner.user);
  writeUser(writer, 2, owner.group);
  writer.close(start);
}

function writeUser(writer: WireWriter, field: number, option: Immutable<pb.UserOpt> | undefined): void {
  if (option === undefined) {
    return;
  }
  const start = writer.open(field);
  switch (option.user?.$case) {
    case 'byName': {
      const name = writer.open(1);
      writer.string(1, option.user.value.name);
      writer.int64(2, option.user.value.input);
      writer.close(name);
      break;
    }
    case 'byID':
      // A member of a oneof is written even when it is 0.
      writer.int32Always(2, option.user.value);
      break;
    case undefined:
      break;
  }
  writer.close(start);
}
