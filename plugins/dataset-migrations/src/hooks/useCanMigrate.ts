import { usePermission } from '@backstage/plugin-permission-react';
import { datasetMigratePermission } from '@skein/backstage-plugin-dataset-migrations-common';

/** Whether the user may migrate a dataset; false until that is known. */
export function useCanMigrate(datasetRef: string): {
  loading: boolean;
  allowed: boolean;
} {
  const { loading, allowed } = usePermission({
    permission: datasetMigratePermission,
    resourceRef: datasetRef,
  });
  return { loading, allowed };
}
