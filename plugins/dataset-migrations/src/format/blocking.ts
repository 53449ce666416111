import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from './numbers';

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
