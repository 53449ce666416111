import { TimeWindow } from '@skein/backstage-plugin-dataset-migrations-common';
import { DatasetRecord } from './types';

/**
 * When a dataset may be migrated without somebody's click: in its own windows, or
 * else in those that the operator set for its owner; at any time when empty.
 */
export function windowsOf(
  { windows, owner = '' }: Pick<DatasetRecord, 'windows' | 'owner'>,
  windowsOfOwner: ReadonlyMap<string, TimeWindow[]>,
): TimeWindow[] {
  return windows.length > 0 ? windows : windowsOfOwner.get(owner) ?? [];
}
