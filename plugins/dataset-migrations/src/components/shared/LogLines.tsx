import { useEffect, useRef } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import { MigrationEvent } from '@skein/backstage-plugin-dataset-migrations-common';
import { useVirtualizer } from '@tanstack/react-virtual';
import { LogLine } from './LogLine';

const LINE_HEIGHT = 26;
/** Closer to the end than this, the log follows what comes. */
const FOLLOW_WITHIN = 40;

const useStyles = makeStyles(theme => ({
  scroller: {
    maxHeight: 380,
    minHeight: 80,
    overflow: 'auto',
    padding: theme.spacing(1, 0),
  },
  lines: { position: 'relative', margin: 0, padding: 0, listStyle: 'none' },
  line: { position: 'absolute', top: 0, left: 0, right: 0 },
  empty: { padding: theme.spacing(2), color: theme.palette.text.secondary },
}));

/** Lines of a log, drawn only where they are seen; it follows the end until one scrolls up. */
export function LogLines(props: { events: MigrationEvent[] }) {
  const { events } = props;
  const classes = useStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: index => events[index].id,
    overscan: 20,
  });

  useEffect(() => {
    if (following.current && events.length > 0) {
      virtualizer.scrollToIndex(events.length - 1, { align: 'end' });
    }
  }, [events.length, virtualizer]);

  const onScroll = () => {
    const element = scroller.current;
    if (element) {
      following.current =
        element.scrollHeight - element.scrollTop - element.clientHeight <
        FOLLOW_WITHIN;
    }
  };

  if (events.length === 0) {
    return <div className={classes.empty}>Nothing has been logged yet.</div>;
  }
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      onScroll={onScroll}
      // The state is announced elsewhere; every line would be too much.
      role="log"
      aria-live="off"
      aria-label="Log"
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must do so with the keyboard, too
      tabIndex={0}
    >
      <ol
        className={classes.lines}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(item => (
          <li
            key={item.key}
            data-index={item.index}
            ref={virtualizer.measureElement}
            className={classes.line}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <LogLine event={events[item.index]} />
          </li>
        ))}
      </ol>
    </div>
  );
}
