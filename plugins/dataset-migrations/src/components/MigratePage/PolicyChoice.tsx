import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  PlanResponse,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatBlocking } from '../../format/blocking';
import { policyNames } from '../../format/words';

const useStyles = makeStyles(theme => ({
  option: { alignItems: 'flex-start', margin: theme.spacing(0.5, 0) },
  radio: { paddingTop: 2 },
}));

const explanations: Record<Policy, string> = {
  switch:
    'Readers go from the old version to the new one at one moment. If anybody would break, the migration stops before that and waits.',
  coexist:
    'The new version is published and the old one stays readable. Nobody loses anything; the old version is retired once everybody has moved.',
};

/** How the new version comes to its readers. */
export function PolicyChoice(props: {
  plan: PlanResponse;
  value: Policy;
  onChange(policy: Policy): void;
}) {
  const { plan, value, onChange } = props;
  const classes = useStyles();
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend">How to publish</FormLabel>
      <RadioGroup
        aria-label="How to publish"
        value={value}
        onChange={event => onChange(event.target.value as Policy)}
      >
        {(['switch', 'coexist'] as const).map(policy => (
          <FormControlLabel
            key={policy}
            value={policy}
            className={classes.option}
            control={
              <Radio color="primary" size="small" className={classes.radio} />
            }
            label={
              <>
                <Typography variant="body1" component="span">
                  {policyNames[policy]}
                  {policy === 'coexist' &&
                    plan.proposedPolicy === 'coexist' &&
                    ' (proposed)'}
                </Typography>
                <Typography
                  variant="body2"
                  color="textSecondary"
                  component="span"
                  display="block"
                >
                  {explanations[policy]}
                  {policy === 'switch' &&
                    plan.blockingCount > 0 &&
                    ` It will stop: ${formatBlocking(plan.consumers)}.`}
                </Typography>
              </>
            }
          />
        ))}
      </RadioGroup>
    </FormControl>
  );
}
