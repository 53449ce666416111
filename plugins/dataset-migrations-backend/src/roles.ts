import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const KEY = 'datasetMigrations.roles';

/** What a process does: answer requests, run jobs, or both. */
export interface Roles {
  api: boolean;
  worker: boolean;
}

/**
 * Reads `datasetMigrations.roles`, by default both.
 *
 * @throws InputError naming key and value
 */
export function readRoles(config: Config): Roles {
  const roles = config.getOptionalStringArray(KEY) ?? ['api', 'worker'];
  const unknown = roles.find(role => role !== 'api' && role !== 'worker');
  if (unknown !== undefined || roles.length === 0) {
    throw new InputError(
      `${KEY} must list 'api', 'worker' or both, not '${unknown ?? ''}'`,
    );
  }
  return { api: roles.includes('api'), worker: roles.includes('worker') };
}
