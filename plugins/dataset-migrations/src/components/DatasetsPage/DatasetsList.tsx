import { ListDatasetsRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { useDatasets } from '../../hooks/useDatasets';
import { useDebounced } from '../../hooks/useDebounced';
import { useListLocation } from '../../hooks/useListLocation';
import { DataTable } from '../shared/DataTable';
import { SearchField } from '../shared/SearchField';
import { datasetColumns } from './datasetColumns';
import { FilterSelect } from '../shared/FilterSelect';
import { OwnerFilter } from '../shared/OwnerFilter';
import { PagedList } from '../shared/PagedList';

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
  const { query, setFilters, pages } = useListLocation();
  const search = query.get('search') ?? '';
  const [text, setText] = useDebounced(search, value =>
    setFilters({ search: value }),
  );
  const owner = query.get('owner') ?? undefined;
  const engine = query.get('engine') ?? '';
  const status = statuses.find(s => s.value === query.get('status'))?.value;

  const list = useDatasets({
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
    ...(list.value?.engines ?? []),
  ]);

  return (
    <PagedList
      noun="dataset"
      list={list}
      pages={pages}
      pageSize={PAGE_SIZE}
      filters={
        <>
          <SearchField
            label="Search datasets"
            value={text}
            onChange={setText}
          />
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
        </>
      }
    >
      <DataTable
        label="Datasets"
        columns={datasetColumns}
        rows={list.value?.items}
        rowKey={dataset => dataset.entityRef}
        empty={
          isFiltered
            ? 'No dataset matches the filters.'
            : 'There is no dataset in the catalog yet: a Resource with spec.type dataset and a contract.'
        }
      />
    </PagedList>
  );
}
