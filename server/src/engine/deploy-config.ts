import { readDeployFile } from '../model/deploy-file.ts';
import { configFindings } from './config-file.ts';
import type { Finding } from './finding.ts';

/** `.shipshape/deploy.yaml`, in whichever folder. */
export function isDeployFile(uri: string): boolean {
  return /\/\.shipshape\/deploy\.ya?ml$/.test(uri);
}

export function deployFindings(text: string): readonly Finding[] {
  return configFindings(readDeployFile(text).problems.map((problem) => ({ ...problem, severity: 'error' })));
}
