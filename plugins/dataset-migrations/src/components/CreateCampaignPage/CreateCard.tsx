import { ReactNode } from 'react';
import { InfoCard } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import { CreateCampaignRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { Action } from '../../hooks/useAction';
import { InlineError } from '../shared/InlineError';
import { SelectedDatasets } from './SelectedDatasets';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2) },
}));

/** What is selected so far, and the button. */
export function CreateCard(props: {
  create: Action<[CreateCampaignRequest]>;
  disabled: boolean;
  /** Number of fields that are wrong. */
  wrong: number;
  children: ReactNode;
}) {
  const { create, disabled, wrong, children } = props;
  const classes = useStyles();
  return (
    <InfoCard title="Dry run first">
      <div className={classes.stack}>
        <SelectedDatasets />
        <Typography variant="body2" color="textSecondary">
          Every dataset is planned from metadata, without a scan. The result, as
          a table and CSV, says who would break and what cannot be migrated.
          Nothing is changed until the campaign starts.
        </Typography>
        {children}
        {wrong > 0 && (
          <Alert severity="error">
            {formatQuantity(wrong, 'field')} {wrong === 1 ? 'wants' : 'want'}{' '}
            another value.
          </Alert>
        )}
        <InlineError error={create.error} />
        <Button
          type="submit"
          variant="contained"
          color="primary"
          size="large"
          disabled={disabled || create.running}
        >
          Create campaign
        </Button>
      </div>
    </InfoCard>
  );
}
