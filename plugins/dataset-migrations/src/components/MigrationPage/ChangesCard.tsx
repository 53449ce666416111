import { useCallback } from 'react';
import { InfoCard } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import {
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { AcceptableChanges } from '../shared/AcceptableChanges';
import { ChangesTable } from '../shared/ChangesTable';

/** What the migration changes, field by field, to be accepted while it waits for that. */
export function ChangesCard(props: {
  migration: Migration;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onUpdated } = props;
  const { id, datasetRef, fromVersion, toVersion } = migration;
  const { changes, consumers } = migration;
  const api = useApi(datasetMigrationsApiRef);
  const reload = useCallback(() => {
    // Where it fails, the page itself soon asks again.
    api.getMigration(id).then(onUpdated, () => {});
  }, [api, id, onUpdated]);
  if (changes.length === 0) {
    return null;
  }
  const isOpen =
    isActive(migration.state) || migration.oldVersionState === 'coexisting';
  return (
    <InfoCard title="Changes" noPadding>
      {isOpen ? (
        <AcceptableChanges
          datasetRef={datasetRef}
          fromVersion={fromVersion}
          toVersion={toVersion}
          changes={changes}
          consumers={consumers}
          onChanged={reload}
        />
      ) : (
        <ChangesTable changes={changes} />
      )}
    </InfoCard>
  );
}
