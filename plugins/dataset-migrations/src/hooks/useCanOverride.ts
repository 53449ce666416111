import { usePermission } from '@backstage/plugin-permission-react';
import { datasetOverridePermission } from '@skein/backstage-plugin-dataset-migrations-common';

/** Whether the user may let a dataset change although consumers are touched; false until that is known. */
export function useCanOverride(datasetRef: string): boolean {
  return usePermission({
    permission: datasetOverridePermission,
    resourceRef: datasetRef,
  }).allowed;
}
