import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { ReasonList } from '../shared/ReasonList';

/** So many are named; the rest is in the table of consumers. */
const SHOWN = 8;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 2),
    alignItems: 'baseline',
  },
}));

/** Consumers that stand in the way, each with its owner and the reasons. */
export function BlockingList(props: { consumers: ConsumerVerdict[] }) {
  const { consumers } = props;
  const classes = useStyles();
  const more = consumers.length - SHOWN;
  return (
    <ul className={classes.root} aria-label="Consumers that would break">
      {consumers.slice(0, SHOWN).map(({ consumer, reasons }) => (
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
      {more > 0 && <li>and {more} more</li>}
    </ul>
  );
}
