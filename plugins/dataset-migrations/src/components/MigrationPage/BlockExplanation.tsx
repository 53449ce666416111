import { InfoCard } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { coveredRefs, formatBlocking, inTheWay } from '../../format/blocking';
import { formatQuantity } from '../../format/numbers';
import { whatHoldsUp } from '../../format/words';
import { BlockingList } from '../shared/BlockingList';
import { toneColor } from '../shared/tones';

const useStyles = makeStyles(theme => ({
  card: { borderLeft: `4px solid ${toneColor(theme, 'warning')}` },
  ways: {
    margin: theme.spacing(1, 0, 0),
    paddingLeft: theme.spacing(2.5),
    '& li + li': { marginTop: theme.spacing(0.5) },
  },
  section: { marginTop: theme.spacing(3) },
}));

/** Why a migration is blocked, by whom or by what, and the ways out. */
export function BlockExplanation(props: { migration: Migration }) {
  const { migration } = props;
  const classes = useStyles();
  if (migration.state !== 'blocked') {
    return null;
  }
  const { actions, error, fromVersion, toVersion } = migration;
  const heldUp = whatHoldsUp(error);
  if (heldUp) {
    return (
      <div role="region" aria-label="Why this migration is blocked">
        <InfoCard cardClassName={classes.card} title={heldUp}>
          <Typography variant="body2">{error?.message}</Typography>
          {actions.includes('override') && (
            <Typography variant="body2">
              Whoever cannot wait may override with a reason, which breaks
              nobody and goes on at once.
            </Typography>
          )}
        </InfoCard>
      </div>
    );
  }
  const blocking = inTheWay(migration);
  const covered = coveredRefs(migration).length;
  return (
    <div role="region" aria-label="Why this migration is blocked">
      <InfoCard
        cardClassName={classes.card}
        title={`${formatBlocking(blocking)} with ${toVersion}`}
      >
        <BlockingList consumers={blocking} />
        {covered > 0 && (
          <Typography variant="body2" className={classes.section}>
            The override covers {formatQuantity(covered, 'other consumer')}, and
            not these.
          </Typography>
        )}
        <div className={classes.section}>
          <Typography variant="subtitle2" component="h3">
            Ways out
          </Typography>
          <Typography component="ul" variant="body2" className={classes.ways}>
            <li>
              Let the consumers move: once they no longer read what changes,
              declare that they accept {toVersion}, or their owners acknowledge
              it, this migration goes on by itself.
            </li>
            {actions.includes('coexist') && (
              <li>
                Publish {toVersion} beside {fromVersion}: nobody loses what they
                read, and {fromVersion} is retired when the last consumer has
                moved.
              </li>
            )}
            {actions.includes('override') && (
              <li>
                Override with a reason, which is recorded, and break them
                knowingly.
              </li>
            )}
            {actions.includes('cancel') && (
              <li>Cancel. Nothing has been changed yet.</li>
            )}
          </Typography>
        </div>
      </InfoCard>
    </div>
  );
}
