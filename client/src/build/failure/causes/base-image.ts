import type { Cause } from '../cause.ts';
import { imageAskedFor } from '../messages.ts';

const asked = /failed to resolve source metadata|pull access denied|manifest (?:unknown|for)|load metadata for/;

/** The registry has no such image or tag, or does not show it to everybody. */
export const baseImage: Cause = {
  id: 'base-image',
  adviceOn: ({ failure, dockerfile, said }) => {
    const image = imageAskedFor(failure);
    if (image === undefined) return undefined;
    const { message } = failure;
    const shown = image.replace(/^docker\.io\/(?:library\/)?/, '');
    const name = shown.length > 30 ? `…${shown.slice(-29)}` : shown;
    const syntax = dockerfile.tree.directives.find((directive) => directive.name === 'syntax');
    if (syntax && image.includes(syntax.value) && asked.test(said) && /not found/.test(message))
      return { advice: `There is no '${name}' to read this file with: check the 'syntax' line` };
    if (/no match for platform|does not match the specified platform|no matching manifest/.test(message))
      return { advice: `'${name}' is not made for this platform: choose another image, or '--platform'` };
    if (/pull access denied|insufficient_scope|repository does not exist/.test(message))
      return { advice: `There is no '${name}', or it is not public: check the name, or sign in with 'docker login'` };
    if (
      /401 Unauthorized|403 Forbidden|authentication required|no basic auth|authorization failed|\bdenied\b/i.test(
        message,
      )
    )
      return { advice: `The registry denies '${name}': sign in with 'docker login'` };
    if (/toomanyrequests|429 Too Many/i.test(message))
      return { advice: "Docker Hub's limit of pulls is reached: sign in with 'docker login', or wait" };
    if (/manifest unknown|: not found|manifest for \S+ not found/.test(message))
      return { advice: `The registry has no '${name}': check its name and tag` };
    return undefined;
  },
};
