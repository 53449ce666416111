import { InfoCard } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import {
  Campaign,
  CampaignDryRun,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatBytes, formatCount, formatQuantity } from '../../format/numbers';
import { Figures } from '../shared/Figures';

const SHOWN_CYCLES = 5;

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2) },
  cycles: {
    margin: theme.spacing(1, 0, 0),
    paddingLeft: theme.spacing(2.5),
    overflowWrap: 'anywhere',
  },
}));

/** What the plans of all datasets say together, before anything is changed. */
export function DryRunCard(props: {
  campaign: Campaign;
  dryRun: CampaignDryRun;
}) {
  const { campaign, dryRun } = props;
  const { breaking, verdicts, cycles } = dryRun;
  const { excluded } = campaign.counts;
  const classes = useStyles();
  return (
    <InfoCard title="Dry run">
      <div className={classes.stack}>
        <Figures
          figures={[
            ['Would break somebody', formatQuantity(breaking, 'dataset')],
            ['Consumers ready', formatCount(verdicts.ready)],
            ['Consumers that would break', formatCount(verdicts.breaks)],
            ['Consumers not known', formatCount(verdicts.unknown)],
            ['Without copying', formatQuantity(dryRun.metadataOnly, 'dataset')],
            [
              'To copy',
              `about ${formatQuantity(dryRun.rows, 'row')}, ${formatBytes(
                dryRun.bytes,
              )}`,
            ],
            [
              'Cannot be migrated',
              excluded > 0 ? formatQuantity(excluded, 'dataset') : undefined,
            ],
          ]}
        />
        {breaking > 0 && campaign.policy === 'switch' && (
          <Alert severity="warning">
            Under policy <code>switch</code> the{' '}
            {formatQuantity(breaking, 'dataset')} that would break somebody end
            up blocked and wait for their consumers; the others are not held
            back.
          </Alert>
        )}
        {cycles.length > 0 && (
          <Alert severity="warning">
            <AlertTitle>
              {formatQuantity(cycles.length, 'cycle')} in the lineage
            </AlertTitle>
            <Typography variant="body2">
              None of these datasets can go before the other, so they are left
              out. Mend what they depend on, or migrate them one by one.
            </Typography>
            <ul className={classes.cycles}>
              {cycles.slice(0, SHOWN_CYCLES).map(refs => (
                <li key={refs.join()}>{[...refs, refs[0]].join(' → ')}</li>
              ))}
              {cycles.length > SHOWN_CYCLES && (
                <li>and {formatCount(cycles.length - SHOWN_CYCLES)} more</li>
              )}
            </ul>
          </Alert>
        )}
      </div>
    </InfoCard>
  );
}
