import {
  ComingVersion,
  ConsumedDataset,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A dataset that a consumer reads, with one of the versions that come to it. */
export interface DatasetWithComing {
  item: ConsumedDataset;
  coming: ComingVersion;
}

/**
 * What keeps a consumer's owner busy: a version would break it, may break it as too little
 * is known of what it reads, or has no plan, so that nobody knows what changes.
 */
export type Concern = 'breaks' | 'unknown' | 'unplanned';

/** @returns undefined where it has nothing to fear */
export function concernOf(coming: ComingVersion): Concern | undefined {
  const { verdict, blocking } = coming.verdict;
  if (verdict === 'breaks') {
    return 'breaks';
  }
  if (!blocking) {
    return undefined;
  }
  return coming.concernsId === undefined ? 'unplanned' : 'unknown';
}

/** All versions that come, of all datasets. */
export function allComing(items: ConsumedDataset[]): DatasetWithComing[] {
  return items.flatMap(item => item.coming.map(coming => ({ item, coming })));
}
