import { ReactNode, useMemo, useRef, useState } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import Skeleton from '@material-ui/lab/Skeleton';
import { useVirtualizer } from '@tanstack/react-virtual';

/** More rows than this are drawn only where they are seen. */
const VIRTUAL_FROM = 100;
const ROW_HEIGHT = 57;
const SKELETON_ROWS = 6;

const useStyles = makeStyles(theme => ({
  container: { maxWidth: '100%' },
  // Positioned, so that what is hidden in rows does not lengthen the page.
  scroller: { maxHeight: 680, overflowY: 'auto', position: 'relative' },
  head: {
    ...theme.typography.caption,
    padding: theme.spacing(1, 2),
    fontWeight: theme.typography.fontWeightBold as number,
    textTransform: 'uppercase',
    lineHeight: 1.5,
    whiteSpace: 'nowrap',
    color: theme.palette.textSubtle,
    backgroundColor: theme.palette.background.paper,
    borderTop: `1px solid ${theme.palette.divider}`,
    borderBottom: `1px solid ${theme.palette.divider}`,
  },
  cell: {
    padding: theme.spacing(1.25, 2),
    // Chips and words of one row stand on one line.
    verticalAlign: 'baseline',
    lineHeight: 1.43,
    wordBreak: 'normal',
    overflowWrap: 'break-word',
  },
  empty: { padding: theme.spacing(4, 2), textAlign: 'center' },
  spacer: { padding: 0, border: 0 },
}));

export interface DataColumn<T> {
  id: string;
  title: string;
  render(row: T): ReactNode;
  /** Makes the column sortable; for lists that are here as a whole. */
  compare?(a: T, b: T): number;
  width?: number | string;
  align?: 'left' | 'right';
}

/**
 * A real table, whatever its length: skeleton rows while loading, a sentence
 * when empty, sorting where the columns offer it, and rows drawn only where
 * they are seen once they are many. The portal's own table draws every row of
 * its page and has no skeleton.
 */
export function DataTable<T>(props: {
  /** What a screen reader calls it. */
  label: string;
  columns: DataColumn<T>[];
  rows: T[] | undefined;
  rowKey(row: T): string;
  empty: ReactNode;
}) {
  const { label, columns, rows, rowKey, empty } = props;
  const classes = useStyles();
  const [order, setOrder] = useState<{ id: string; descending: boolean }>();
  const sorted = useMemo(
    () => sortRows(rows ?? [], columns, order),
    [rows, columns, order],
  );

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = sorted.length > VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: sorted.length,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: index => rowKey(sorted[index]),
    overscan: 12,
  });
  const seen = virtualizer.getVirtualItems();
  const indices = virtual ? seen.map(item => item.index) : sorted.keys();
  const above = virtual ? seen[0]?.start ?? 0 : 0;
  const below = virtual
    ? virtualizer.getTotalSize() - (seen[seen.length - 1]?.end ?? 0)
    : 0;

  return (
    <TableContainer
      ref={scroller}
      className={
        virtual ? `${classes.container} ${classes.scroller}` : classes.container
      }
      // Scrolls with the keyboard, too.
      tabIndex={virtual ? 0 : undefined}
    >
      <Table
        aria-label={label}
        aria-busy={rows === undefined}
        aria-rowcount={virtual ? sorted.length + 1 : undefined}
        stickyHeader={virtual}
      >
        <TableHead>
          <TableRow>
            {columns.map(column => (
              <TableCell
                key={column.id}
                className={classes.head}
                align={column.align}
                style={{ width: column.width }}
                sortDirection={directionOf(column.id, order)}
              >
                {column.compare ? (
                  <TableSortLabel
                    active={order?.id === column.id}
                    direction={directionOf(column.id, order) || 'asc'}
                    onClick={() => setOrder(nextOrder(column.id, order))}
                  >
                    {column.title}
                  </TableSortLabel>
                ) : (
                  column.title
                )}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows === undefined && <SkeletonRows columns={columns.length} />}
          {rows?.length === 0 && (
            <TableRow>
              <TableCell className={classes.empty} colSpan={columns.length}>
                {empty}
              </TableCell>
            </TableRow>
          )}
          {above > 0 && (
            <tr aria-hidden>
              <td
                className={classes.spacer}
                colSpan={columns.length}
                style={{ height: above }}
              />
            </tr>
          )}
          {Array.from(indices, index => (
            <TableRow
              hover
              key={rowKey(sorted[index])}
              data-index={index}
              ref={virtual ? virtualizer.measureElement : undefined}
              aria-rowindex={virtual ? index + 2 : undefined}
            >
              {columns.map(column => (
                <TableCell
                  key={column.id}
                  className={classes.cell}
                  align={column.align}
                >
                  {column.render(sorted[index])}
                </TableCell>
              ))}
            </TableRow>
          ))}
          {below > 0 && (
            <tr aria-hidden>
              <td
                className={classes.spacer}
                colSpan={columns.length}
                style={{ height: below }}
              />
            </tr>
          )}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function SkeletonRows(props: { columns: number }) {
  const classes = useStyles();
  return (
    <>
      {Array.from({ length: SKELETON_ROWS }, (_, row) => (
        <TableRow key={row} aria-hidden>
          {Array.from({ length: props.columns }, (__, column) => (
            <TableCell key={column} className={classes.cell}>
              <Skeleton width={`${85 - ((row * 17 + column * 29) % 45)}%`} />
            </TableCell>
          ))}
        </TableRow>
      ))}
    </>
  );
}

type Order = { id: string; descending: boolean } | undefined;

function directionOf(id: string, order: Order): 'asc' | 'desc' | false {
  if (order?.id !== id) {
    return false;
  }
  return order.descending ? 'desc' : 'asc';
}

function nextOrder(id: string, order: Order): Order {
  if (order?.id !== id) {
    return { id, descending: false };
  }
  return order.descending ? undefined : { id, descending: true };
}

function sortRows<T>(rows: T[], columns: DataColumn<T>[], order: Order): T[] {
  const compare = columns.find(column => column.id === order?.id)?.compare;
  if (!compare) {
    return rows;
  }
  const sign = order?.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(a, b));
}
