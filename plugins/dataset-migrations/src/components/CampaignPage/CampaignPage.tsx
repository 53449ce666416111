import { useParams } from 'react-router-dom';
import { useCampaign } from '../../hooks/useCampaign';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';
import { PageFrame } from '../shared/PageFrame';
import { StaleNotice } from '../shared/StaleNotice';
import { CampaignView } from './CampaignView';

/** One campaign, live: its dry run, how far it is, what stands in its way. */
export function CampaignPage() {
  const { id } = useParams();
  const links = useMigrationLinks();
  const { value: campaign, error, refresh, replace } = useCampaign(id);
  return (
    <PageFrame
      title={campaign?.title ?? 'Campaign'}
      description={campaign?.description}
      under={{ label: 'Fleet', href: links.fleet }}
    >
      {error && !campaign && (
        <ErrorState error={error} what="this campaign" onRetry={refresh} />
      )}
      {!error && !campaign && <CardSkeleton lines={6} />}
      {campaign && (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <CampaignView campaign={campaign} onUpdated={replace} />
        </>
      )}
    </PageFrame>
  );
}
