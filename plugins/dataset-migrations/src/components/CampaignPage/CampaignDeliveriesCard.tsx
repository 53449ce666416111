import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { isOngoing } from '../../campaigns';
import { useCanManageCampaigns } from '../../hooks/useCanManageCampaigns';
import { DeliveriesCard } from '../shared/DeliveriesCard';

/** What owners were told of a campaign; of its migrations, their pages say it. */
export function CampaignDeliveriesCard(props: { campaign: Campaign }) {
  const { id, state } = props.campaign;
  const { allowed } = useCanManageCampaigns();
  return (
    <DeliveriesCard
      of={{ campaignId: id }}
      subheader="What owners were told of how it went for their datasets, and for those that they read."
      mayRedeliver={allowed}
      expected={isOngoing(state)}
    />
  );
}
