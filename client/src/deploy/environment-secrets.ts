import { UserError } from '../ui/user-error.ts';
import { secretNames, secretSource, type Target } from './choices.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a secret that the environment has; one without a variable of its own has that of its name. */
export function secretIn(environment: Environment, target: Target, name: string): string {
  const variable = variableOf(target, name);
  const value = environment[variable] ?? '';
  if (value === '') throw new UserError(`The environment has no '${variable}', which a secret comes from: set it`);
  return value;
}

/** Where nobody can be asked, all that is not in Key Vault must be there before anything is made. */
export function assertSecrets(environment: Environment, target: Target): void {
  const missing = secretNames(target)
    .map((name) => variableOf(target, name))
    .filter((variable) => (environment[variable] ?? '') === '');
  const what = missing.length === 1 ? 'A secret has' : `${missing.length} secrets have`;
  if (missing.length > 0) throw new UserError(`${what} no value: set ${missing.join(', ')} in the environment`);
}

function variableOf(target: Target, name: string): string {
  const source = secretSource(target, name);
  return source?.from === 'environment' ? source.variable : name;
}
