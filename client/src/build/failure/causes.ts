import type { Advice, Cause, Failed } from './cause.ts';
import { apkPackageLists } from './causes/apk-package-lists.ts';
import { aptAsks } from './causes/apt-asks.ts';
import { aptPackageLists } from './causes/apt-package-lists.ts';
import { baseImage } from './causes/base-image.ts';
import { beforeFrom } from './causes/before-from.ts';
import { blankVariable } from './causes/blank-variable.ts';
import { certificate } from './causes/certificate.ts';
import { circular } from './causes/circular.ts';
import { commandNotFound } from './causes/command-not-found.ts';
import { copyDestination } from './causes/copy-destination.ts';
import { daemon } from './causes/daemon.ts';
import { diskFull } from './causes/disk-full.ts';
import { execFormat } from './causes/exec-format.ts';
import { heredoc } from './causes/heredoc.ts';
import { lineEnds } from './causes/line-ends.ts';
import { lockfile } from './causes/lockfile.ts';
import { managedPython } from './causes/managed-python.ts';
import { missingFile } from './causes/missing-file.ts';
import { needsBuildKit } from './causes/needs-buildkit.ts';
import { network } from './causes/network.ts';
import { notCopiedYet } from './causes/not-copied-yet.ts';
import { outOfMemory } from './causes/out-of-memory.ts';
import { permissionDenied } from './causes/permission-denied.ts';
import { releaseGone } from './causes/release-gone.ts';
import { secret } from './causes/secret.ts';
import { singleQuotes } from './causes/single-quotes.ts';
import { unknownInstruction } from './causes/unknown-instruction.ts';
import { unknownStage } from './causes/unknown-stage.ts';
import { unknownUser } from './causes/unknown-user.ts';

/** Where two would speak the first does: what makes others happen comes before them, the exact before the general. */
const causes: readonly Cause[] = [
  daemon,
  diskFull,
  unknownStage,
  unknownInstruction,
  heredoc,
  beforeFrom,
  blankVariable,
  circular,
  needsBuildKit,
  copyDestination,
  secret,
  unknownUser,
  missingFile,
  // Without network there are no package lists either.
  certificate,
  network,
  baseImage,
  releaseGone,
  aptAsks,
  aptPackageLists,
  apkPackageLists,
  lockfile,
  managedPython,
  singleQuotes,
  lineEnds,
  notCopiedYet,
  permissionDenied,
  execFormat,
  commandNotFound,
  outOfMemory,
];

export function causeOf(failed: Failed): (Advice & { readonly cause: string }) | undefined {
  for (const { id, adviceOn } of causes) {
    const advice = adviceOn(failed);
    if (advice) return { cause: id, ...advice };
  }
  return undefined;
}
