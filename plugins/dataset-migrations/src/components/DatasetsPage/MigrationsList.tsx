import { useListLocation } from '../../hooks/useListLocation';
import { useMigrations } from '../../hooks/useMigrations';
import { MigrationsTable } from '../shared/MigrationsTable';
import { PagedList } from './PagedList';
import { migrationStates, StateFilter } from './StateFilter';

const PAGE_SIZE = 50;

/** Every migration, newest first, filtered and paged by the backend. */
export function MigrationsList() {
  const { query, setFilters, pages } = useListLocation();
  const asked = query.getAll('state');
  const states = migrationStates.filter(state => asked.includes(state));

  const list = useMigrations({
    state: states.length > 0 ? states : undefined,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });
  return (
    <PagedList
      noun="migration"
      list={list}
      pages={pages}
      pageSize={PAGE_SIZE}
      filters={
        <StateFilter
          value={states}
          onChange={next => setFilters({ state: next })}
        />
      }
    >
      <MigrationsTable
        migrations={list.value?.items}
        withDataset
        empty={
          states.length > 0
            ? 'No migration is in such a state.'
            : 'No dataset has been migrated yet.'
        }
      />
    </PagedList>
  );
}
