import {
  DEFAULT_NAMESPACE,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { z as Zod } from 'zod/v3';

/**
 * How long a step waits.
 *
 * @param z - as the scaffolder hands it to schemas
 */
export function timeoutInput(z: typeof Zod) {
  return z
    .object({
      hours: z.number().nonnegative().optional(),
      minutes: z.number().nonnegative().optional(),
      seconds: z.number().nonnegative().optional(),
    })
    .strict();
}

/**
 * The dataset's full entity ref, from one that may leave out kind and
 * namespace.
 *
 * @throws InputError for text that is no entity ref
 */
export function readDatasetRef(dataset: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(dataset, {
        defaultKind: 'resource',
        defaultNamespace: DEFAULT_NAMESPACE,
      }),
    );
  } catch (error) {
    throw new InputError(
      `Input 'dataset' must be an entity ref, not '${dataset}'`,
      error,
    );
  }
}
