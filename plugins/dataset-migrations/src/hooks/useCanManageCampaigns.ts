import { usePermission } from '@backstage/plugin-permission-react';
import { campaignManagePermission } from '@skein/backstage-plugin-dataset-migrations-common';

/** Whether the user may create and steer campaigns; false until that is known. */
export function useCanManageCampaigns(): {
  loading: boolean;
  allowed: boolean;
} {
  const { loading, allowed } = usePermission({
    permission: campaignManagePermission,
  });
  return { loading, allowed };
}
