import { NotImplementedError } from '@backstage/errors';
import { Change } from '../changes/types';
import { Consumer, ConsumerVerdict } from './types';

/**
 * Judges every consumer for the move to another version of a dataset.
 *
 * @param options.fields - names of the dataset's fields in the old version; a
 *   consumer that says it reads another one is `unknown`
 * @param options.strict - a constraint that excludes the target breaks even
 *   when no field it reads is touched
 * @public
 */
export function judgeConsumers(_options: {
  consumers: readonly Consumer[];
  changes: readonly Change[];
  toVersion: string;
  fields?: readonly string[];
  strict?: boolean;
}): ConsumerVerdict[] {
  throw new NotImplementedError('judgeConsumers');
}
