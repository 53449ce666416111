import { useState } from 'react';
import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import {
  FailureGroup,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount, formatQuantity } from '../../format/numbers';
import { stageNames } from '../../format/words';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CodedText } from './CodedText';
import { StateChip } from './StateChip';

const useStyles = makeStyles(theme => ({
  root: {
    borderTop: `1px solid ${theme.palette.divider}`,
    '&:first-of-type': { borderTop: 0 },
  },
  summary: {
    display: 'grid',
    gridTemplateColumns: '56px 104px minmax(0, 1fr)',
    alignItems: 'baseline',
    gap: theme.spacing(1.5),
    width: '100%',
  },
  count: {
    fontSize: theme.typography.pxToRem(20),
    fontWeight: 500,
    fontVariantNumeric: 'tabular-nums',
  },
  cause: { overflowWrap: 'anywhere' },
  details: { display: 'block', padding: theme.spacing(0, 2, 2, 2) },
  latest: {
    margin: theme.spacing(0, 0, 1.5),
    padding: 0,
    listStyle: 'none',
    '& li': { padding: theme.spacing(0.75, 0), overflowWrap: 'anywhere' },
  },
}));

/** One cause, how often, and the latest migrations that met it. */
export function FailureGroupItem(props: {
  group: FailureGroup;
  campaignId?: string;
}) {
  const { group, campaignId } = props;
  const { state, stage, name, cause, count, latest } = group;
  const classes = useStyles();
  const links = useMigrationLinks();
  const [open, setOpen] = useState(false);
  const place = stage && (stageNames[stage as Stage] ?? stage);
  return (
    <Accordion
      square
      elevation={0}
      className={classes.root}
      expanded={open}
      onChange={(_, expanded) => setOpen(expanded)}
      TransitionProps={{ unmountOnExit: true }}
    >
      <AccordionSummary expandIcon={<ExpandMoreIcon />}>
        <div className={classes.summary}>
          <span className={classes.count}>{formatCount(count)}</span>
          <span>
            <StateChip state={state} />
          </span>
          <span className={classes.cause}>
            <CodedText text={cause} />
            <Typography variant="caption" color="textSecondary" display="block">
              {[place, name].filter(Boolean).join(' · ')}
            </Typography>
          </span>
        </div>
      </AccordionSummary>
      <AccordionDetails className={classes.details}>
        <ul className={classes.latest} aria-label="The latest">
          {latest.map(item => (
            <li key={item.migrationId}>
              <EntityRefLink
                entityRef={item.datasetRef}
                defaultKind="resource"
              />
              {': '}
              <CodedText text={item.message} />{' '}
              <Link to={links.migration(item.migrationId)}>
                Open its migration
              </Link>
            </li>
          ))}
        </ul>
        <Link to={links.migrations({ state, campaign: campaignId })}>
          {count > latest.length
            ? `All ${state} migrations, of this and other causes`
            : `All ${state} migrations`}
        </Link>
        <Typography variant="caption" color="textSecondary" display="block">
          {formatQuantity(count, 'migration')} with this cause; names and
          numbers in messages are replaced by … to find those alike.
        </Typography>
      </AccordionDetails>
    </Accordion>
  );
}
