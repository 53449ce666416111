import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { CampaignDataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CampaignDatasetStateChip } from '../shared/CampaignDatasetStateChip';
import { CodedText } from '../shared/CodedText';
import { DataColumn } from '../shared/DataTable';
import { VersionStep } from '../shared/VersionStep';
import { RefList } from './RefList';
import { VerdictCounts } from './VerdictCounts';

function DatasetCell({ dataset }: { dataset: CampaignDataset }) {
  const { datasetRef, owner, title } = dataset;
  return (
    <>
      <EntityRefLink
        entityRef={datasetRef}
        title={title}
        defaultKind="resource"
      />
      {owner && (
        <Typography variant="caption" color="textSecondary" display="block">
          of <EntityRefLink entityRef={owner} defaultKind="group" hideIcon />
        </Typography>
      )}
    </>
  );
}

function StateCell({ dataset }: { dataset: CampaignDataset }) {
  const { state, reason, migrationId } = dataset;
  const links = useMigrationLinks();
  return (
    <>
      <CampaignDatasetStateChip state={state} />
      {reason && (
        <Typography variant="caption" display="block">
          <CodedText text={reason} />
        </Typography>
      )}
      {migrationId && (
        <Typography variant="caption" display="block">
          <Link to={links.migration(migrationId)}>Open its migration</Link>
        </Typography>
      )}
    </>
  );
}

/** What is changed, and what that takes. */
function PlanCell({ dataset }: { dataset: CampaignDataset }) {
  const { changes, strategy, rows } = dataset;
  if (changes === undefined) {
    return <>–</>;
  }
  const takes =
    strategy === 'metadata-only'
      ? 'no copying'
      : rows !== undefined && `about ${formatQuantity(rows, 'row')}`;
  return (
    <>
      {formatQuantity(changes, 'change')}
      {takes && (
        <Typography variant="caption" color="textSecondary" display="block">
          {takes}
        </Typography>
      )}
    </>
  );
}

/** The columns of the datasets of a campaign. */
export const campaignDatasetColumns: DataColumn<CampaignDataset>[] = [
  {
    id: 'dataset',
    title: 'Dataset',
    width: '20%',
    render: dataset => <DatasetCell dataset={dataset} />,
  },
  {
    id: 'versions',
    title: 'Versions',
    width: 140,
    render: dataset =>
      dataset.toVersion ? (
        <VersionStep from={dataset.fromVersion} to={dataset.toVersion} />
      ) : (
        dataset.fromVersion ?? '–'
      ),
  },
  {
    id: 'wave',
    title: 'Wave',
    width: 70,
    align: 'right',
    render: dataset => dataset.wave ?? '–',
  },
  {
    id: 'plan',
    title: 'Plan',
    width: '11%',
    render: dataset => <PlanCell dataset={dataset} />,
  },
  {
    id: 'consumers',
    title: 'Consumers',
    width: '12%',
    render: dataset => <VerdictCounts dataset={dataset} />,
  },
  {
    id: 'upstreams',
    title: 'Goes after',
    width: '12%',
    render: dataset => <RefList refs={dataset.upstreams} />,
  },
  {
    id: 'state',
    title: 'State',
    render: dataset => <StateCell dataset={dataset} />,
  },
];
