import { basename } from 'node:path';
import { findUnfinished, type Unfinished } from '../deploy/unfinished.ts';
import { UserError } from '../ui/user-error.ts';
import type { Deploying } from './deploying.ts';
import { journalsOf } from './journals.ts';
import { pick } from './pick.ts';

/** The deployment that a notification or a page is about, by its journal or its plan; else the only one, or the one that is picked. */
export async function chooseUnfinished({ parts }: Deploying, given: unknown, title: string): Promise<Unfinished> {
  const all = await findUnfinished(journalsOf(parts.context));
  const found = all.find(({ file, record }) => file === given || record.plan.id === given);
  if (found !== undefined) return found;
  const [first] = all;
  if (first === undefined) throw new UserError('There is no deployment that was interrupted');
  if (all.length === 1) return first;
  return await pick<Unfinished>({ title, placeholder: 'Which deployment?' }, () =>
    Promise.resolve(
      all.map((value) => {
        const { plan, startedAt, folder } = value.record;
        return {
          label: plan.target.name,
          description: `${plan.target.app.name} in ${plan.target.resourceGroup}`,
          detail: [...(folder === undefined ? [] : [basename(folder)]), new Date(startedAt).toLocaleString()].join(
            ' · ',
          ),
          value,
        };
      }),
    ),
  );
}
