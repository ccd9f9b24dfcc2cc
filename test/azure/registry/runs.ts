import type { Core, Route } from '../core.ts';
import type { RegistryHosts } from './registry-host.ts';

export function runRoutes(_core: Core, _hosts: RegistryHosts): readonly Route[] {
  return [];
}
