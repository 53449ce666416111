import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { formatQuantity } from '../../format/numbers';
import { useListLocation } from '../../hooks/useListLocation';
import { useMigrations } from '../../hooks/useMigrations';
import { ErrorState } from '../shared/ErrorState';
import { MigrationsTable } from '../shared/MigrationsTable';
import { PageSwitcher } from '../shared/PageSwitcher';
import { StaleNotice } from '../shared/StaleNotice';
import { migrationStates, StateFilter } from './StateFilter';
import { useFilterBarStyles } from './useFilterBarStyles';

const PAGE_SIZE = 50;

/** Every migration, newest first, filtered and paged by the backend. */
export function MigrationsList() {
  const classes = useFilterBarStyles();
  const { query, setFilters, pages } = useListLocation();
  const asked = query.getAll('state');
  const states = migrationStates.filter(state => asked.includes(state));

  const { value, error, refresh } = useMigrations({
    state: states.length > 0 ? states : undefined,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });
  return (
    <Paper>
      <div className={classes.bar} role="search">
        <StateFilter
          value={states}
          onChange={next => setFilters({ state: next })}
        />
        {value && (
          <Typography
            variant="body2"
            color="textSecondary"
            className={classes.total}
            role="status"
          >
            {formatQuantity(value.totalItems, 'migration')}
          </Typography>
        )}
      </div>
      {error && !value ? (
        <ErrorState error={error} what="the migrations" onRetry={refresh} />
      ) : (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <MigrationsTable
            migrations={value?.items}
            withDataset
            empty={
              states.length > 0
                ? 'No migration is in such a state.'
                : 'No dataset has been migrated yet.'
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
