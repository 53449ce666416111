import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { createHash } from 'node:crypto';

/**
 * Names a list of changes, as `describeConcerns` gives them: the same list has the
 * same name, and another one has another.
 */
export function concernsIdOf(concerns: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(concerns)).digest('hex');
}

/** The same of who blocks, together with what each of them loses. */
export function concernsIdOfAll(blocking: readonly ConsumerVerdict[]): string {
  return concernsIdOf(
    blocking
      .map(({ consumer, concernsId }) => `${consumer.entityRef} ${concernsId}`)
      .sort(),
  );
}
