import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { ListDatasetsRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { useDatasets } from '../../hooks/useDatasets';
import { useDebounced } from '../../hooks/useDebounced';
import { useListLocation } from '../../hooks/useListLocation';
import { DataTable } from '../shared/DataTable';
import { ErrorState } from '../shared/ErrorState';
import { PageSwitcher } from '../shared/PageSwitcher';
import { SearchField } from '../shared/SearchField';
import { StaleNotice } from '../shared/StaleNotice';
import { datasetColumns } from './datasetColumns';
import { FilterSelect } from './FilterSelect';
import { OwnerFilter } from './OwnerFilter';
import { useFilterBarStyles } from './useFilterBarStyles';

const PAGE_SIZE = 50;

const statuses: Array<{
  value: NonNullable<ListDatasetsRequest['status']>;
  label: string;
}> = [
  { value: 'active', label: 'Being migrated' },
  { value: 'upgradable', label: 'New version available' },
  { value: 'problem', label: 'With problems' },
];

/** Every dataset, filtered and paged by the backend. */
export function DatasetsList() {
  const classes = useFilterBarStyles();
  const { query, setFilters, pages } = useListLocation();
  const search = query.get('search') ?? '';
  const [text, setText] = useDebounced(search, value =>
    setFilters({ search: value }),
  );
  const owner = query.get('owner') ?? undefined;
  const engine = query.get('engine') ?? '';
  const status = statuses.find(s => s.value === query.get('status'))?.value;

  const { value, error, refresh } = useDatasets({
    search: search || undefined,
    owner,
    engine: engine || undefined,
    status,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });
  const isFiltered = Boolean(search || owner || engine || status);
  // The address may name one that is gone.
  const engines = new Set([
    ...(engine ? [engine] : []),
    ...(value?.engines ?? []),
  ]);

  return (
    <Paper>
      <div className={classes.bar} role="search">
        <SearchField label="Search datasets" value={text} onChange={setText} />
        <OwnerFilter
          value={owner}
          onChange={next => setFilters({ owner: next })}
        />
        <FilterSelect
          id="engine"
          label="Engine"
          value={engine}
          options={[...engines].sort().map(id => ({ value: id, label: id }))}
          onChange={next => setFilters({ engine: next })}
        />
        <FilterSelect
          id="status"
          label="State"
          value={status ?? ''}
          options={statuses}
          onChange={next => setFilters({ status: next })}
        />
        {value && (
          <Typography
            variant="body2"
            color="textSecondary"
            className={classes.total}
            role="status"
          >
            {formatQuantity(value.totalItems, 'dataset')}
          </Typography>
        )}
      </div>
      {error && !value ? (
        <ErrorState error={error} what="the datasets" onRetry={refresh} />
      ) : (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <DataTable
            label="Datasets"
            columns={datasetColumns}
            rows={value?.items}
            rowKey={dataset => dataset.entityRef}
            empty={
              isFiltered
                ? 'No dataset matches the filters.'
                : 'There is no dataset in the catalog yet: a Resource with spec.type dataset and a contract.'
            }
          />
          {value && (
            <PageSwitcher pages={pages} pageSize={PAGE_SIZE} shown={value} />
          )}
        </>
      )}
    </Paper>
  );
}
