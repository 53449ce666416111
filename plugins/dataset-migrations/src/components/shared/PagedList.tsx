import { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { Page } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { CursorStack } from '../../hooks/useCursorStack';
import { Live } from '../../hooks/useLive';
import { ErrorState } from './ErrorState';
import { PageSwitcher } from './PageSwitcher';
import { StaleNotice } from './StaleNotice';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
  },
  total: { marginLeft: 'auto', fontVariantNumeric: 'tabular-nums' },
}));

/** A page of a list: its filters and how many there are, the table, the way to other pages. */
export function PagedList(props: {
  /** What it lists, one of them: `dataset`. */
  noun: string;
  list: Live<Page<unknown>>;
  pages: CursorStack;
  pageSize: number;
  filters: ReactNode;
  /** The table; unless there is nothing but an error. */
  children: ReactNode;
}) {
  const { noun, list, pages, pageSize, filters, children } = props;
  const { value, error, refresh } = list;
  const classes = useStyles();
  return (
    <Paper>
      <div className={classes.bar} role="search">
        {filters}
        {value && (
          <Typography
            variant="body2"
            color="textSecondary"
            className={classes.total}
            role="status"
          >
            {formatQuantity(value.totalItems, noun)}
          </Typography>
        )}
      </div>
      {error && !value ? (
        <ErrorState error={error} what={`the ${noun}s`} onRetry={refresh} />
      ) : (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          {children}
          {value && (
            <PageSwitcher pages={pages} pageSize={pageSize} shown={value} />
          )}
        </>
      )}
    </Paper>
  );
}
