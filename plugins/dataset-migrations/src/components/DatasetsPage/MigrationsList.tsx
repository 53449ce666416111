import Chip from '@material-ui/core/Chip';
import {
  MigrationState,
  migrationTransitions,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useDebounced } from '../../hooks/useDebounced';
import { useListLocation } from '../../hooks/useListLocation';
import { useMigrations } from '../../hooks/useMigrations';
import { CampaignLink } from '../shared/CampaignLink';
import { MigrationsTable } from '../shared/MigrationsTable';
import { PagedList } from '../shared/PagedList';
import { SearchField } from '../shared/SearchField';
import { StateChip } from '../shared/StateChip';
import { StateFilter } from '../shared/StateFilter';

const PAGE_SIZE = 100;

const migrationStates = Object.keys(migrationTransitions) as MigrationState[];

/** Every migration, newest first, filtered and paged by the backend. */
export function MigrationsList() {
  const { query, setFilters, pages } = useListLocation();
  const search = query.get('search') ?? '';
  const [text, setText] = useDebounced(search, value =>
    setFilters({ search: value }),
  );
  const asked = query.getAll('state');
  const states = migrationStates.filter(state => asked.includes(state));
  const campaignId = query.get('campaign') ?? undefined;
  const consumerOwner = query.get('consumerOwner') ?? undefined;

  const list = useMigrations({
    search: search || undefined,
    state: states.length > 0 ? states : undefined,
    campaignId,
    consumerOwner,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });
  const isFiltered =
    states.length > 0 || Boolean(search || campaignId || consumerOwner);
  return (
    <PagedList
      noun="migration"
      list={list}
      pages={pages}
      pageSize={PAGE_SIZE}
      filters={
        <>
          <SearchField
            label="Search migrations"
            value={text}
            onChange={setText}
          />
          <StateFilter
            id="migration-state"
            states={migrationStates}
            value={states}
            onChange={next => setFilters({ state: next })}
            render={state => <StateChip state={state} />}
          />
          {campaignId && (
            <Chip
              label={
                <>
                  Campaign: <CampaignLink id={campaignId} />
                </>
              }
              onDelete={() => setFilters({ campaign: undefined })}
              style={{ margin: 0 }}
            />
          )}
          {consumerOwner && (
            <Chip
              label={`Waiting for consumers of ${consumerOwner}`}
              onDelete={() => setFilters({ consumerOwner: undefined })}
              style={{ margin: 0 }}
            />
          )}
        </>
      }
    >
      <MigrationsTable
        migrations={list.value?.items}
        withDataset
        empty={
          isFiltered
            ? 'No migration matches the filters.'
            : 'No dataset has been migrated yet.'
        }
      />
    </PagedList>
  );
}
