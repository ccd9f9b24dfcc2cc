import { nearest } from '../../../../../server/src/text/nearest.ts';
import { edit, type Cause } from '../cause.ts';
import { fullImageName, imageAskedFor } from '../messages.ts';
import { unknownTarget } from '../place.ts';
import { imageRange } from '../token.ts';

/** A stage that is misspelt is taken for an image; a target that is misspelt is refused. */
export const unknownStage: Cause = {
  id: 'unknown-stage',
  adviceOn: ({ failure, instruction, stage, dockerfile }) => {
    const names = dockerfile.stages.flatMap(({ name }) => name?.value ?? []);
    const target = unknownTarget(failure.message);
    if (target !== undefined) {
      const meant = nearest(target, names);
      if (meant !== undefined) {
        return {
          advice: `There is no stage '${short(target)}': did you mean '${short(meant)}'?`,
          fixes: [{ kind: 'build', title: `Build stage '${meant}'`, target: meant }],
        };
      }
      const known = names.length === 0 ? 'no stage here has a name' : `there is '${short(names.join("', '"))}'`;
      return { advice: `There is no stage '${short(target)}': ${known}` };
    }
    const asked = imageAskedFor(failure);
    const range = asked !== undefined && instruction && imageRange(failure, instruction, dockerfile);
    if (!range || asked.includes('@')) return undefined;
    // Only a bare name can be meant as a stage's, and only of one above.
    const [name = ''] = fullImageName(asked).split(':');
    const written = dockerfile.text.slice(range.start, range.end);
    if (written !== name) return undefined;
    const before = dockerfile.stages.filter((other) => !stage || other.index < stage.index);
    const later = dockerfile.stages.find((other) => stage && other.index > stage.index && other.name?.value === name);
    if (later && instruction.keyword !== 'FROM')
      return { advice: `Stage '${short(name)}' comes later in the file: move it up, before this one` };
    const meant = nearest(
      name,
      before.flatMap((other) => other.name?.value ?? []),
    );
    if (meant === undefined) return undefined;
    return {
      advice: `There is no stage '${short(name)}', so it was taken for an image: did you mean '${short(meant)}'?`,
      fixes: [edit(`Change to '${meant}'`, range.start, meant, range.end)],
    };
  },
};

function short(name: string): string {
  return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}
