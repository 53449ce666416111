import { makeStyles } from '@material-ui/core/styles';

/** The row of filters above a list. */
export const useFilterBarStyles = makeStyles(theme => ({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
  },
  total: { marginLeft: 'auto', fontVariantNumeric: 'tabular-nums' },
}));
