import { WarningPanel } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { isInputError, lowestVersionOf, messageOf } from '../../errors';
import { CodedText } from '../shared/CodedText';
import { ErrorState } from '../shared/ErrorState';
import { VersionOffer } from './VersionOffer';

/** Why there is no plan: advice to the owner if the contracts are at fault, else an error. */
export function PlanProblem(props: {
  error: Error;
  target: string;
  /** Of the contracts that the dataset has. */
  versions: string[];
  onRetry: () => void;
}) {
  const { error, target, versions, onRetry } = props;
  if (!isInputError(error)) {
    return <ErrorState error={error} what="the plan" onRetry={onRetry} />;
  }
  const lowestVersion = lowestVersionOf(error);
  return (
    <WarningPanel
      severity="warning"
      title="This version cannot be planned as it is described"
      defaultExpanded
    >
      <Typography variant="body1" paragraph>
        <CodedText text={messageOf(error)} />
      </Typography>
      {lowestVersion && (
        <VersionOffer
          target={target}
          offered={lowestVersion}
          taken={versions.includes(lowestVersion)}
        />
      )}
      <Typography variant="body2" color="textSecondary">
        Correct the contract or the migration document; the plan is made anew
        when the catalog has read it.
      </Typography>
    </WarningPanel>
  );
}
