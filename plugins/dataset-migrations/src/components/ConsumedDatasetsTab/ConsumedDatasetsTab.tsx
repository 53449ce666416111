import { stringifyEntityRef } from '@backstage/catalog-model';
import { CodeSnippet, EmptyState, InfoCard } from '@backstage/core-components';
import { EntityRefLink, useEntity } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import { ConsumedDataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { formatDay } from '../../format/readiness';
import { useConsumedDatasets } from '../../hooks/useConsumedDatasets';
import { DataColumn, DataTable } from '../shared/DataTable';
import { ErrorState } from '../shared/ErrorState';
import { FieldUse } from '../shared/FieldUse';
import { ReasonList } from '../shared/ReasonList';
import { StaleNotice } from '../shared/StaleNotice';
import { VerdictChip } from '../shared/VerdictChip';
import { ComingVersionCard } from './ComingVersionCard';
import { DatasetChangeCell } from './DatasetChangeCell';

const DECLARATION = `spec:
  consumesDatasets:
    - dataset: resource:default/flights
      version: ^1.0.0
      fields: [origin, delay]`;

const columns: DataColumn<ConsumedDataset>[] = [
  {
    id: 'dataset',
    title: 'Dataset',
    width: '18%',
    render: ({ dataset }) => (
      <>
        <EntityRefLink
          entityRef={dataset.entityRef}
          title={dataset.title}
          defaultKind="resource"
        />
        {dataset.owner && (
          <Typography variant="caption" display="block" color="textSecondary">
            <EntityRefLink entityRef={dataset.owner} defaultKind="group" />
          </Typography>
        )}
      </>
    ),
  },
  {
    id: 'versions',
    title: 'Version',
    width: '15%',
    render: ({ dataset }) => <DatasetChangeCell dataset={dataset} />,
  },
  {
    id: 'constraint',
    title: 'Accepts',
    width: '10%',
    render: ({ constraint }) =>
      constraint ? (
        <code style={{ whiteSpace: 'nowrap' }}>{constraint}</code>
      ) : (
        <Typography variant="body2" color="textSecondary">
          any
        </Typography>
      ),
  },
  {
    id: 'fields',
    title: 'Reads',
    width: '18%',
    render: item => <FieldUse consumer={item} />,
  },
  {
    id: 'verdict',
    title: 'Next version',
    width: 120,
    render: ({ verdict }) =>
      verdict ? <VerdictChip verdict={verdict.verdict} /> : '–',
  },
  {
    id: 'deadline',
    title: 'Until',
    width: 120,
    render: ({ migration }) =>
      migration?.deadline ? formatDay(migration.deadline) : '–',
  },
  {
    id: 'reasons',
    title: 'Why',
    render: ({ verdict }) => <ReasonList reasons={verdict?.reasons ?? []} />,
  },
];

/** The datasets that an entity reads, and what their next versions mean for it. */
export function ConsumedDatasetsTab() {
  const { entity } = useEntity();
  const consumerRef = stringifyEntityRef(entity);
  const { value: items, error, refresh } = useConsumedDatasets(consumerRef);
  if (error && !items) {
    return (
      <ErrorState
        error={error}
        what="the datasets that this entity reads"
        onRetry={refresh}
      />
    );
  }
  if (items?.length === 0) {
    return (
      <EmptyState
        missing="data"
        title="No dataset is known to be read here"
        description="Declare what is read, and its owner sees you before changing it. You are told which of your fields a new version touches."
        action={<CodeSnippet text={DECLARATION} language="yaml" />}
      />
    );
  }
  const breaking =
    items?.filter(item => item.verdict?.verdict === 'breaks').length ?? 0;
  return (
    <>
      <StaleNotice error={error} onRetry={refresh} />
      {breaking > 0 && (
        <Alert severity="warning" style={{ marginBottom: 24 }}>
          The next version of {formatQuantity(breaking, 'dataset')} would break{' '}
          {entity.metadata.title ?? entity.metadata.name}. Under policy switch
          it waits until this is solved: stop reading the changed fields or move
          to the new ones, then raise the version you accept, or acknowledge it
          below.
        </Alert>
      )}
      <InfoCard title="Datasets read here" noPadding>
        <DataTable
          label="Datasets"
          columns={columns}
          rows={items}
          rowKey={item => item.dataset.entityRef}
          empty=""
        />
      </InfoCard>
      {items
        ?.filter(item => item.targetVersion !== undefined)
        .map(item => (
          <ComingVersionCard
            key={item.dataset.entityRef}
            consumerRef={consumerRef}
            item={item}
            onChanged={refresh}
          />
        ))}
    </>
  );
}
