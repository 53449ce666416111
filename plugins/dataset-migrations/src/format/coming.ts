import {
  ComingVersion,
  ConsumedDataset,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A dataset that a consumer reads, with one of the versions that come to it. */
export interface DatasetWithComing {
  item: ConsumedDataset;
  coming: ComingVersion;
}

/** All versions that come, of all datasets. */
export function allComing(items: ConsumedDataset[]): DatasetWithComing[] {
  return items.flatMap(item => item.coming.map(coming => ({ item, coming })));
}
