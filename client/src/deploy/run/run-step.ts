import type { Step } from '../step.ts';
import { runAnswer } from './answer.ts';
import type { Context, Ran } from './context.ts';
import { runDelete } from './delete.ts';
import { runImage } from './image.ts';
import { runPost } from './post.ts';
import { runPut } from './put.ts';
import { runReferences } from './references.ts';
import { explainSecrets } from './refused-secret.ts';
import { register } from './register.ts';
import { runRole } from './role.ts';
import { runSettings } from './settings.ts';
import { runSettle } from './settle.ts';
import { runUpdate } from './update.ts';

/** Each finds out first whether it is done already. */
export async function runStep(step: Step, context: Context): Promise<Ran> {
  switch (step.do) {
    case 'register':
      return await register(step.namespace, context);
    case 'put':
      return await withSecretsTold(runPut(step, context), context);
    case 'delete':
      return await runDelete(step, context);
    case 'update':
      return await withSecretsTold(runUpdate(step, context), context);
    case 'settings':
      return await runSettings(step, context);
    case 'role':
      return await runRole(step, context);
    case 'settle':
      return await runSettle(step, context);
    case 'post':
      return await runPost(step, context);
    case 'image':
      return await runImage(step, context);
    case 'answer':
      return await runAnswer(step, context);
    case 'references':
      return await runReferences(step, context);
    case 'nothing':
      return 'already';
  }
}

async function withSecretsTold(running: Promise<Ran>, { plan }: Context): Promise<Ran> {
  try {
    return await running;
  } catch (error) {
    throw explainSecrets(error, plan) ?? error;
  }
}
