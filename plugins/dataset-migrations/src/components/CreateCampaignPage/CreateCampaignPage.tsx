import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { PageFrame } from '../shared/PageFrame';
import { CampaignForm } from './CampaignForm';

/** Where many datasets are chosen and the way in which they are migrated. */
export function CreateCampaignPage() {
  const links = useMigrationLinks();
  return (
    <PageFrame
      title="New campaign"
      description="Many datasets to their next version; first a dry run, which changes nothing"
      under={{ label: 'Fleet', href: links.fleet }}
    >
      <CampaignForm />
    </PageFrame>
  );
}
