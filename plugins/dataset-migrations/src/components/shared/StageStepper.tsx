import Step from '@material-ui/core/Step';
import StepLabel from '@material-ui/core/StepLabel';
import Stepper from '@material-ui/core/Stepper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  MigrationState,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { mainStages, stageNames } from '../../format/words';
import { Elapsed } from './Elapsed';
import { StageIcon, StageLook } from './StageIcon';
import { VisuallyHidden } from './VisuallyHidden';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(3, 0, 0),
    backgroundColor: 'transparent',
    overflowX: 'auto',
  },
  icon: { height: 24, display: 'flex', alignItems: 'center' },
  step: { minWidth: 92 },
  caption: { fontVariantNumeric: 'tabular-nums' },
}));

/**
 * The stages in their order, with how long each took. Stages that only some
 * migrations have (retire, roll back) appear once they are recorded.
 */
export function StageStepper(props: {
  stages: StageRecord[];
  state: MigrationState;
}) {
  const classes = useStyles();
  const records = withMainStages(props.stages);
  return (
    <Stepper
      alternativeLabel
      className={classes.root}
      role="list"
      aria-label="Stages"
    >
      {records.map(record => {
        const look = lookOf(record, props.state);
        return (
          <Step
            key={record.stage}
            role="listitem"
            className={classes.step}
            active={look === 'running' || look === 'held'}
            completed={look === 'succeeded'}
            aria-current={look === 'running' ? 'step' : undefined}
          >
            <StepLabel
              icon={
                <span className={classes.icon}>
                  <StageIcon look={look} />
                </span>
              }
            >
              {stageNames[record.stage]}
              <VisuallyHidden>, {look}</VisuallyHidden>
              <Typography
                variant="caption"
                display="block"
                color="textSecondary"
                className={classes.caption}
              >
                <StageCaption record={record} look={look} />
              </Typography>
            </StepLabel>
          </Step>
        );
      })}
    </Stepper>
  );
}

function StageCaption(props: { record: StageRecord; look: StageLook }) {
  const { record, look } = props;
  if (look === 'held') {
    return <>waiting</>;
  }
  if (look === 'pending' || look === 'skipped') {
    return <>{look === 'skipped' ? 'skipped' : '\u00a0'}</>;
  }
  return (
    <>
      <Elapsed from={record.startedAt} to={record.finishedAt} />
      {record.attempts > 1 && ` · attempt ${record.attempts}`}
    </>
  );
}

function lookOf(record: StageRecord, state: MigrationState): StageLook {
  return record.state === 'running' && state === 'blocked'
    ? 'held'
    : record.state;
}

function withMainStages(stages: StageRecord[]): StageRecord[] {
  const main = mainStages.map(
    stage =>
      stages.find(record => record.stage === stage) ?? {
        stage,
        state: 'pending' as const,
        attempts: 0,
      },
  );
  const others = stages.filter(
    record => !mainStages.includes(record.stage) && record.state !== 'pending',
  );
  return [...main, ...others];
}
