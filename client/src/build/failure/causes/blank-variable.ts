import { edit, type Cause, type FailureFix } from '../cause.ts';

/** A FROM whose variable is not known there: only ARGs before the first FROM are. */
export const blankVariable: Cause = {
  id: 'blank-variable',
  adviceOn: ({ failure, dockerfile }) => {
    const [, written = ''] = /base name \((.+)\) should not be blank/.exec(failure.message) ?? [];
    const [, name] = /\$\{?(\w+)/.exec(written) ?? [];
    if (name === undefined) return undefined;
    const shown = name.slice(0, 20);
    const isGlobal = dockerfile.globalArguments.some((argument) => argument.name === name);
    if (isGlobal) return { advice: `'${shown}' has no value: give it one in its ARG, or as a build argument` };
    const inStage = dockerfile.stages
      .flatMap(({ instructions }) => instructions)
      .find(({ keyword, words }) => keyword === 'ARG' && words.some(({ value }) => value.split('=')[0] === name));
    const [from] = dockerfile.stages;
    const value = inStage?.words.find((word) => word.value.startsWith(`${name}=`))?.text;
    const fixes: readonly FailureFix[] =
      from && value !== undefined
        ? [edit(`Declare '${name}' before the first FROM`, from.from.range.start, `ARG ${value}\n`)]
        : [];
    return {
      advice: `FROM knows only ARGs from before the first FROM: declare '${shown}' there, with a value`,
      fixes,
      ...(inStage && { related: [{ range: inStage.range, message: 'This ARG is for its stage alone' }] }),
    };
  },
};
