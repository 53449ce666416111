import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Box from '@material-ui/core/Box';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { ReasonList } from './ReasonList';

/** So many are named, if not all; the rest is in the table of consumers. */
const SHOWN = 8;
/** So many are named with what is known of them; links ask the catalog. */
const DETAILED = 100;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  all: { maxHeight: 320, overflowY: 'auto' },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 2),
    alignItems: 'baseline',
  },
}));

/** Consumers that stand in the way, each with its owner and the reasons. */
export function BlockingList(props: {
  consumers: ConsumerVerdict[];
  /** Names every one of them, in a list that scrolls. */
  all?: boolean;
  /** What a screen reader calls them, where they are others. */
  label?: string;
}) {
  const {
    consumers,
    all = false,
    label = 'Consumers that would break',
  } = props;
  const classes = useStyles();
  const shown = all ? DETAILED : SHOWN;
  const others = consumers.slice(shown);
  const list = (
    <ul className={classes.root} aria-label={label}>
      {consumers.slice(0, shown).map(({ consumer, reasons }) => (
        <li key={consumer.entityRef}>
          <div className={classes.line}>
            <EntityRefLink
              entityRef={consumer.entityRef}
              title={consumer.title}
              defaultKind="component"
            />
            {consumer.owner && (
              <Typography variant="body2" color="textSecondary">
                owned by{' '}
                <EntityRefLink entityRef={consumer.owner} defaultKind="group" />
              </Typography>
            )}
          </div>
          <Typography variant="body2" component="div">
            <ReasonList reasons={reasons} />
          </Typography>
        </li>
      ))}
      {others.length > 0 && !all && <li>and {others.length} more</li>}
      {all &&
        others.map(({ consumer }) => (
          <li key={consumer.entityRef}>{consumer.entityRef}</li>
        ))}
    </ul>
  );
  return all ? (
    // Scrolls with the keyboard, too.
    <Box className={classes.all} tabIndex={0}>
      {list}
    </Box>
  ) : (
    list
  );
}
