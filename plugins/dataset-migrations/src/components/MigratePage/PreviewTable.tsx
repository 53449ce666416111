import { alpha, makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import LockIcon from '@material-ui/icons/LockOutlined';
import { Tone, toneColor } from '../shared/tones';
import { VisuallyHidden } from '../shared/VisuallyHidden';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  scroller: {
    overflowX: 'auto',
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
  },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    fontFamily: 'monospace',
    fontSize: theme.typography.pxToRem(12.5),
    '& th, & td': {
      padding: theme.spacing(0.5, 1.25),
      height: 28,
      textAlign: 'left',
      whiteSpace: 'nowrap',
      maxWidth: 220,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    '& th': { borderBottom: `1px solid ${theme.palette.divider}` },
    '& tbody tr + tr td': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  changed: {
    backgroundColor: ({ tone }) => alpha(toneColor(theme, tone), 0.1),
  },
  absent: { fontStyle: 'italic' },
  masked: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
  },
  lock: { fontSize: 14 },
}));

/** Rows of one version; columns that change are tinted, masked ones say so. */
export function PreviewTable(props: {
  label: string;
  columns: string[];
  rows: Array<Array<string | null>>;
  masked: string[];
  changed: string[];
  tone: Tone;
}) {
  const { label, columns, rows, masked, changed, tone } = props;
  const classes = useStyles({ tone });
  const className = (column: string) =>
    changed.includes(column) ? classes.changed : undefined;
  return (
    <>
      <Typography variant="subtitle2" component="h3" gutterBottom>
        {label}
      </Typography>
      <div
        className={classes.scroller}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must do so with the keyboard, too
        tabIndex={0}
        role="group"
        aria-label={`Rows ${label}`}
      >
        <table className={classes.table} aria-label={label}>
          <thead>
            <tr>
              {columns.map(column => (
                <th key={column} scope="col" className={className(column)}>
                  {column}
                  {changed.includes(column) && (
                    <VisuallyHidden> (changes)</VisuallyHidden>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.map((column, position) => (
                  <td
                    key={column}
                    className={className(column)}
                    title={row[position] ?? undefined}
                  >
                    <PreviewValue
                      value={row[position]}
                      masked={masked.includes(column)}
                    />
                  </td>
                ))}
              </tr>
            ))}
            {rows.length === 0 && (
              <tr>
                <td colSpan={columns.length} className={classes.absent}>
                  The dataset is empty.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

function PreviewValue(props: { value: string | null; masked: boolean }) {
  const classes = useStyles({ tone: 'neutral' });
  if (props.masked) {
    return (
      <span
        className={classes.masked}
        title="Masked: classified by the contract"
      >
        <LockIcon className={classes.lock} aria-hidden />
        masked
      </span>
    );
  }
  if (props.value === null) {
    return <span className={classes.absent}>NULL</span>;
  }
  if (props.value === '') {
    return <span className={classes.absent}>empty</span>;
  }
  return <>{props.value}</>;
}
