import { usePermission } from '@backstage/plugin-permission-react';
import {
  datasetRedeliverPermission,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { DeliveriesCard } from '../shared/DeliveriesCard';

/** What consumers and owners were told of a migration. */
export function MigrationDeliveriesCard(props: { migration: Migration }) {
  const { id, datasetRef } = props.migration;
  const { allowed } = usePermission({
    permission: datasetRedeliverPermission,
    resourceRef: datasetRef,
  });
  return (
    <DeliveriesCard
      of={{ migrationId: id }}
      subheader="What consumers and owners were told. It never holds up the migration."
      mayRedeliver={allowed}
    />
  );
}
