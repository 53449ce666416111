import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { DatasetSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { DataColumn } from '../shared/DataTable';
import { VersionStep } from '../shared/VersionStep';
import { DatasetStateCell } from './DatasetStateCell';

/** The columns of the list of datasets. */
export const datasetColumns: DataColumn<DatasetSummary>[] = [
  {
    id: 'dataset',
    title: 'Dataset',
    width: '34%',
    render: dataset => (
      <>
        <EntityRefLink
          entityRef={dataset.entityRef}
          title={dataset.title}
          defaultKind="resource"
        />
        {dataset.description && (
          <Typography variant="caption" display="block" color="textSecondary">
            {dataset.description}
          </Typography>
        )}
      </>
    ),
  },
  {
    id: 'owner',
    title: 'Owner',
    render: dataset =>
      dataset.owner ? (
        <EntityRefLink entityRef={dataset.owner} defaultKind="group" />
      ) : (
        '–'
      ),
  },
  {
    id: 'engine',
    title: 'Engine',
    width: 100,
    render: dataset => dataset.engine ?? '–',
  },
  {
    id: 'current',
    title: 'Version',
    width: 150,
    render: dataset =>
      dataset.nextVersion ? (
        <VersionStep from={dataset.currentVersion} to={dataset.nextVersion} />
      ) : (
        dataset.currentVersion ?? '–'
      ),
  },
  {
    id: 'consumers',
    title: 'Consumers',
    width: 100,
    align: 'right',
    render: dataset => formatCount(dataset.consumerCount),
  },
  {
    id: 'state',
    title: 'State',
    width: 150,
    render: dataset => <DatasetStateCell dataset={dataset} />,
  },
];
