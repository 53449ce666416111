import { WarningPanel } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { isInputError, messageOf } from '../../errors';
import { CodedText } from '../shared/CodedText';
import { ErrorState } from '../shared/ErrorState';

/** Why there is no plan: advice to the owner if the contracts are at fault, else an error. */
export function PlanProblem(props: { error: Error; onRetry: () => void }) {
  const { error, onRetry } = props;
  if (!isInputError(error)) {
    return <ErrorState error={error} what="the plan" onRetry={onRetry} />;
  }
  return (
    <WarningPanel
      severity="warning"
      title="This version cannot be planned as it is described"
      defaultExpanded
    >
      <Typography variant="body1" paragraph>
        <CodedText text={messageOf(error)} />
      </Typography>
      <Typography variant="body2" color="textSecondary">
        Correct the contract or the migration document; the plan is made anew
        when the catalog has read it.
      </Typography>
    </WarningPanel>
  );
}
