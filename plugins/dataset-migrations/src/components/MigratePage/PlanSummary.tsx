import { ElementType } from 'react';
import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import GroupIcon from '@material-ui/icons/Group';
import LinkOffIcon from '@material-ui/icons/LinkOff';
import UndoIcon from '@material-ui/icons/Undo';
import WarningIcon from '@material-ui/icons/Warning';
import {
  gradeOf,
  PlanResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatSpan } from '../../format/durations';
import { formatBlocking } from '../../format/blocking';
import { formatQuantity } from '../../format/numbers';
import { CodedText } from '../shared/CodedText';
import { Tone, toneColor } from '../shared/tones';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1.25),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
}));

/** What to know before the start: breaking or not, for whom, and how long there is a way back. */
export function PlanSummary(props: { plan: PlanResponse }) {
  const { plan } = props;
  const classes = useStyles();
  const breaking = plan.changes.filter(c => gradeOf(c) === 'breaking');
  const accepted = breaking.filter(c => c.accepted).length;
  const risky = plan.changes.filter(c => c.effect === 'risky').length;
  return (
    <ul className={classes.list} aria-label="Plan in short">
      {plan.breaking ? (
        <SummaryLine
          tone="error"
          icon={LinkOffIcon}
          text={`${formatQuantity(breaking.length, 'breaking change')} of ${
            plan.changes.length
          }${accepted > 0 ? `, ${accepted} accepted` : ''}`}
          detail={`Needs a ${plan.requiredBump} version.`}
        />
      ) : (
        <SummaryLine
          tone={risky > 0 ? 'warning' : 'ok'}
          icon={risky > 0 ? WarningIcon : CheckCircleIcon}
          text={`${formatQuantity(
            plan.changes.length,
            'change',
          )}, none breaking${risky > 0 ? `, ${risky} risky` : ''}`}
          detail={`Needs a ${plan.requiredBump} version.`}
        />
      )}
      {plan.blockingCount > 0 ? (
        <SummaryLine
          tone="error"
          icon={GroupIcon}
          text={`${formatBlocking(plan.consumers)}, of ${
            plan.consumers.length
          } in all`}
        />
      ) : (
        <SummaryLine
          tone="ok"
          icon={GroupIcon}
          text={
            plan.consumers.length === 0
              ? 'No consumer is known'
              : `${formatQuantity(
                  plan.consumers.length,
                  'consumer',
                )}, none would break`
          }
        />
      )}
      <SummaryLine
        tone="ok"
        icon={UndoIcon}
        text={`Can be rolled back for ${formatSpan(plan.rollbackSeconds)}`}
        detail={`As long as nothing was written to ${plan.toVersion}.`}
      />
    </ul>
  );
}

const useLineStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  line: { display: 'flex', gap: theme.spacing(1) },
  icon: { fontSize: 20, color: ({ tone }) => toneColor(theme, tone) },
}));

function SummaryLine(props: {
  tone: Tone;
  icon: ElementType;
  text: string;
  detail?: string;
}) {
  const { tone, icon: Icon, text, detail } = props;
  const classes = useLineStyles({ tone });
  return (
    <li className={classes.line}>
      <Icon className={classes.icon} aria-hidden />
      <div>
        <Typography variant="body1">{text}</Typography>
        {detail && (
          <Typography variant="body2" color="textSecondary">
            <CodedText text={detail} />
          </Typography>
        )}
      </div>
    </li>
  );
}
