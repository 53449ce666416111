import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { MigrationSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { stageNames } from '../../format/words';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CodedText } from './CodedText';
import { DataColumn, DataTable } from './DataTable';
import { Elapsed } from './Elapsed';
import { RelativeTime } from './RelativeTime';
import { StarterLink } from './StarterLink';
import { StateChip } from './StateChip';
import { TransformProgressBar } from './TransformProgressBar';
import { VersionStep } from './VersionStep';

function VersionsCell({ migration }: { migration: MigrationSummary }) {
  const links = useMigrationLinks();
  return (
    <Link to={links.migration(migration.id)}>
      <VersionStep from={migration.fromVersion} to={migration.toVersion} />
    </Link>
  );
}

function StateCell({ migration }: { migration: MigrationSummary }) {
  const { state, stage, progress, error } = migration;
  return (
    <>
      <StateChip state={state} />
      {state === 'running' && stage && (
        <Typography variant="caption" color="textSecondary" display="block">
          {stageNames[stage]}
        </Typography>
      )}
      {state === 'running' && stage === 'transform' && progress && (
        <TransformProgressBar progress={progress} compact />
      )}
      {state === 'failed' && error && (
        <Typography variant="caption" display="block">
          <CodedText text={error.message} />
        </Typography>
      )}
    </>
  );
}

function StartedByCell({ migration }: { migration: MigrationSummary }) {
  const { campaignId, startedBy } = migration;
  const links = useMigrationLinks();
  return (
    <>
      <StarterLink startedBy={startedBy} />
      {campaignId && (
        <Typography variant="caption" display="block">
          <Link to={links.campaign(campaignId)}>in a campaign</Link>
        </Typography>
      )}
    </>
  );
}

const dataset: DataColumn<MigrationSummary> = {
  id: 'dataset',
  title: 'Dataset',
  render: migration => (
    <EntityRefLink entityRef={migration.datasetRef} defaultKind="resource" />
  ),
};

const columns: DataColumn<MigrationSummary>[] = [
  {
    id: 'versions',
    title: 'Versions',
    width: 150,
    render: migration => <VersionsCell migration={migration} />,
  },
  {
    id: 'state',
    title: 'State',
    width: '30%',
    render: migration => <StateCell migration={migration} />,
  },
  {
    id: 'startedBy',
    title: 'Started by',
    render: migration => <StartedByCell migration={migration} />,
  },
  {
    id: 'when',
    title: 'When',
    width: 140,
    render: migration => <RelativeTime at={migration.createdAt} />,
  },
  {
    id: 'duration',
    title: 'Duration',
    width: 120,
    align: 'right',
    render: migration => (
      <Elapsed from={migration.startedAt} to={migration.finishedAt} />
    ),
  },
];

/** Migrations, one a line; across datasets when `withDataset`. */
export function MigrationsTable(props: {
  migrations: MigrationSummary[] | undefined;
  withDataset?: boolean;
  empty: string;
}) {
  return (
    <DataTable
      label="Migrations"
      columns={props.withDataset ? [dataset, ...columns] : columns}
      rows={props.migrations}
      rowKey={migration => migration.id}
      empty={props.empty}
    />
  );
}
