import { useApi } from '@backstage/core-plugin-api';
import {
  AcceptedChange,
  Change,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { useLive } from './useLive';

/** As many as a page of them has; who accepts more has other worries. */
const LOOKED_AT = 100;

/**
 * What somebody accepted between two versions and did not take back, and what is none of
 * their changes any more. Nothing until that is known.
 */
export function useDroppedAcceptances(
  way: { datasetRef: string; fromVersion: string; toVersion: string },
  changes: Change[],
): AcceptedChange[] {
  const { datasetRef, fromVersion, toVersion } = way;
  const api = useApi(datasetMigrationsApiRef);
  const counting = changes.flatMap(({ accepted }) => accepted?.id ?? []);
  const { value } = useLive<Page<AcceptedChange>>({
    // What is accepted or taken back is another list.
    key: JSON.stringify([datasetRef, toVersion, counting]),
    load: ({ signal }) =>
      api.listAcceptedChanges(
        datasetRef,
        { targetVersion: toVersion, limit: LOOKED_AT },
        { signal },
      ),
    concerns: changed => changed.datasetRef === datasetRef,
  });
  return (value?.items ?? []).filter(
    accepted =>
      accepted.fromVersion === fromVersion &&
      accepted.withdrawnAt === undefined &&
      !counting.includes(accepted.id),
  );
}
