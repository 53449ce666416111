import { stringifyEntityRef } from '@backstage/catalog-model';
import { CodeSnippet, EmptyState, InfoCard } from '@backstage/core-components';
import { EntityRefLink, useEntity } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import {
  ComingVersion,
  ConsumedDataset,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { allComing, Concern, concernOf } from '../../format/coming';
import { formatQuantity } from '../../format/numbers';
import { formatDay } from '../../format/readiness';
import { useConsumedDatasets } from '../../hooks/useConsumedDatasets';
import { AcceptedVersions } from '../shared/AcceptedVersions';
import { DataColumn, DataTable } from '../shared/DataTable';
import { ErrorState } from '../shared/ErrorState';
import { FieldUse } from '../shared/FieldUse';
import { ReasonList } from '../shared/ReasonList';
import { OmittedDatasets } from '../shared/OmittedDatasets';
import { StaleNotice } from '../shared/StaleNotice';
import { VerdictChip } from '../shared/VerdictChip';
import { ComingVersionCard } from './ComingVersionCard';
import { DatasetChangeCell } from './DatasetChangeCell';

const DECLARATION = `spec:
  consumesDatasets:
    - dataset: resource:default/flights
      version: ^1.0.0
      fields: [origin, delay]`;

const useStyles = makeStyles(theme => ({
  alert: { marginBottom: theme.spacing(3) },
}));

/** A dataset with one of the versions that come, or with none where none does. */
interface Row {
  item: ConsumedDataset;
  coming?: ComingVersion;
}

const columns: DataColumn<Row>[] = [
  {
    id: 'dataset',
    title: 'Dataset',
    width: '18%',
    render: ({ item: { dataset } }) => (
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
    render: ({ item, coming }) => (
      <DatasetChangeCell dataset={item.dataset} coming={coming} />
    ),
  },
  {
    id: 'constraint',
    title: 'Accepts',
    width: '10%',
    render: ({ item }) => <AcceptedVersions constraint={item.constraint} />,
  },
  {
    id: 'fields',
    title: 'Reads',
    width: '18%',
    render: ({ item }) => <FieldUse consumer={item} />,
  },
  {
    id: 'verdict',
    title: 'Verdict',
    width: 120,
    render: ({ coming }) =>
      coming ? <VerdictChip verdict={coming.verdict.verdict} /> : '–',
  },
  {
    id: 'deadline',
    title: 'Until',
    width: 120,
    render: ({ coming }) =>
      coming?.migration?.deadline ? formatDay(coming.migration.deadline) : '–',
  },
  {
    id: 'reasons',
    title: 'Why',
    render: ({ coming }) => (
      <ReasonList reasons={coming?.verdict.reasons ?? []} />
    ),
  },
];

/** The datasets that an entity reads, and what their coming versions mean for it. */
export function ConsumedDatasetsTab() {
  const { entity } = useEntity();
  const classes = useStyles();
  const consumerRef = stringifyEntityRef(entity);
  const { value, error, refresh } = useConsumedDatasets(consumerRef);
  const items = value?.items;
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
  const comings = allComing(items ?? []);
  const count = (concern: Concern) =>
    comings.filter(({ coming }) => concernOf(coming) === concern).length;
  const breaking = count('breaks');
  const unknown = count('unknown');
  const name = entity.metadata.title ?? entity.metadata.name;
  return (
    <>
      <StaleNotice error={error} onRetry={refresh} />
      {breaking > 0 && (
        <Alert severity="warning" className={classes.alert}>
          {formatQuantity(breaking, 'coming version')} would break {name}. Under
          policy switch nothing changes until this is solved, and an old version
          that is still there stays: stop reading the changed fields or move to
          the new ones, then raise the version you accept, or acknowledge it
          below.
        </Alert>
      )}
      {unknown > 0 && (
        <Alert severity="info" className={classes.alert}>
          Whether {formatQuantity(unknown, 'coming version')} would break {name}{' '}
          is not known: declare which versions it accepts and which fields it
          reads, or acknowledge it below.
        </Alert>
      )}
      <InfoCard title="Datasets read here" noPadding>
        <DataTable
          label="Datasets"
          columns={columns}
          rows={items?.flatMap(rowsOf)}
          rowKey={keyOf}
          empty=""
        />
      </InfoCard>
      {value && <OmittedDatasets datasets={value} />}
      {comings.map(({ item, coming }) => (
        <ComingVersionCard
          key={keyOf({ item, coming })}
          consumerRef={consumerRef}
          item={item}
          coming={coming}
          onChanged={refresh}
        />
      ))}
    </>
  );
}

function rowsOf(item: ConsumedDataset): Row[] {
  return item.coming.length === 0 ? [{ item }] : allComing([item]);
}

function keyOf({ item, coming }: Row): string {
  return `${item.dataset.entityRef} ${coming?.version}`;
}
