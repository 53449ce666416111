import {
  ConsumerVerdict,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from './numbers';

/** Whom an override covers, by entity ref; a portal of an older release does not say. */
export function coveredRefs({
  override,
}: Pick<Migration, 'override'>): readonly string[] {
  return override?.covers ?? [];
}

/** Those who keep a migration from going on; an override covers the others. */
export function inTheWay(
  migration: Pick<Migration, 'consumers' | 'override'>,
): ConsumerVerdict[] {
  const covered = new Set(coveredRefs(migration));
  return migration.consumers.filter(
    ({ blocking, consumer }) => blocking && !covered.has(consumer.entityRef),
  );
}

/**
 * Those who stand in a version's way: `2 consumers would break`, or `might` when
 * that is not known of them.
 */
export function formatBlocking(consumers: ConsumerVerdict[]): string {
  const blocking = consumers.filter(item => item.blocking);
  const breaking = blocking.filter(item => item.verdict === 'breaks');
  const verbs = [
    breaking.length > 0 && 'would',
    breaking.length < blocking.length && 'might',
  ].filter(Boolean);
  return `${formatQuantity(blocking.length, 'consumer')} ${verbs.join(
    ' or ',
  )} break`;
}
