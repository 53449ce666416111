import { ReactNode } from 'react';
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import {
  ConsumerVerdict,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ConsumerCounts } from './ConsumerCounts';
import { ConsumersTable } from './ConsumersTable';
import { SearchField } from './SearchField';
import { ConsumerFilter } from './useConsumerFilter';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
  },
  search: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
}));

/** Consumers with counts that filter, a search, and the table of those that pass. */
export function ConsumersPanel(props: {
  consumers: ConsumerVerdict[] | undefined;
  filter: ConsumerFilter;
  onFilter(filter: ConsumerFilter): void;
  filtered: ConsumerVerdict[] | undefined;
  /** Shown instead of the table, e.g. the graph. */
  instead?: ReactNode;
}) {
  const { consumers, filter, onFilter, filtered, instead } = props;
  const classes = useStyles();
  return (
    <>
      <div className={classes.bar}>
        <ConsumerCounts
          counts={countVerdicts(consumers ?? [])}
          selected={filter.verdict}
          onSelect={verdict => onFilter({ ...filter, verdict })}
        />
        <div className={classes.search}>
          {filter.owner && (
            <Chip
              size="small"
              label={`Owner: ${filter.owner}`}
              onDelete={() => onFilter({ ...filter, owner: undefined })}
              style={{ margin: 0 }}
            />
          )}
          <SearchField
            label="Search consumers"
            value={filter.search}
            onChange={search => onFilter({ ...filter, search })}
          />
        </div>
      </div>
      {instead ?? (
        <ConsumersTable
          consumers={filtered}
          empty={
            consumers?.length === 0
              ? 'Nobody is known to read this dataset.'
              : 'No consumer matches.'
          }
        />
      )}
    </>
  );
}

function countVerdicts(consumers: ConsumerVerdict[]): Record<Verdict, number> {
  const counts = { ready: 0, breaks: 0, unknown: 0 };
  for (const { verdict } of consumers) {
    counts[verdict] += 1;
  }
  return counts;
}
