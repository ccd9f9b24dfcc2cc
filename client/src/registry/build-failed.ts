import { basename } from 'node:path';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';
import type { BuildFailure, BuildRequest } from '../build/build.ts';
import { explainWithFiles } from '../build/failure/surroundings.ts';
import { UserError } from '../ui/user-error.ts';

/** A build of an image that failed, here or in the cloud, with all that is needed to show it in the Dockerfile. */
export class ImageBuildFailed extends UserError {
  /** The Dockerfile as it was built. */
  readonly text: string;
  readonly request: BuildRequest;
  readonly failure: BuildFailure;

  constructor(message: string, text: string, request: BuildRequest, failure: BuildFailure) {
    super(message);
    this.text = text;
    this.request = request;
    this.failure = failure;
  }
}

/** `Line 7 of 'Dockerfile': 'RUN' failed with exit code 1`. */
export async function buildFailed(
  text: string,
  request: BuildRequest,
  failure: BuildFailure,
): Promise<ImageBuildFailed> {
  const { message, advice, range, isElsewhere } = await explainWithFiles(failure, text, request);
  const [headline = ''] = message.split('\n');
  const name = `'${basename(request.dockerfile)}'`;
  const line = positionAt(linesOf(text), range.start).line + 1;
  const where = isElsewhere ? name : `Line ${line} of ${name}`;
  const sentence = `${where}: ${headline}${advice === undefined ? '' : `: ${advice}`}`;
  return new ImageBuildFailed(sentence, text, request, failure);
}
