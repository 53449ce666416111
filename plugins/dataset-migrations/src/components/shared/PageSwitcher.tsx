import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Page } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { CursorStack } from '../../hooks/useCursorStack';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 2),
    fontVariantNumeric: 'tabular-nums',
  },
  range: { marginRight: theme.spacing(1) },
}));

/** Goes through the pages of a list that has cursors instead of offsets. */
export function PageSwitcher(props: {
  pages: CursorStack;
  pageSize: number;
  /** The page in sight. */
  shown: Page<unknown>;
}) {
  const { pages, pageSize, shown } = props;
  const { items, nextCursor, totalItems } = shown;
  const classes = useStyles();
  if (totalItems <= pageSize && pages.page === 1) {
    return null;
  }
  const first = (pages.page - 1) * pageSize + 1;
  return (
    <nav className={classes.root} aria-label="Pages">
      <Typography
        variant="body2"
        color="textSecondary"
        className={classes.range}
      >
        {formatCount(first)}–{formatCount(first + items.length - 1)} of{' '}
        {formatCount(totalItems)}
      </Typography>
      <Button size="small" disabled={!pages.first} onClick={pages.first}>
        First
      </Button>
      <Button size="small" disabled={!pages.previous} onClick={pages.previous}>
        Previous
      </Button>
      <Button
        size="small"
        disabled={nextCursor === undefined}
        onClick={() => nextCursor !== undefined && pages.next(nextCursor)}
      >
        Next
      </Button>
    </nav>
  );
}
