import { chinaCloud, governmentCloud, publicCloud, type Cloud } from './cloud.ts';
import { customCloud } from './custom-cloud.ts';

/** A cloud by its name, or one of the user's own by where its resource manager is. */
export type CloudChoice = Exclude<Cloud['name'], 'custom'> | { readonly endpoint: string };

export async function chooseCloud(choice: CloudChoice): Promise<Cloud> {
  if (typeof choice === 'object') return await customCloud(choice.endpoint);
  return { public: publicCloud, usGovernment: governmentCloud, china: chinaCloud }[choice];
}
